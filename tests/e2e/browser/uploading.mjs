/** A token is given, and an adapter goes to the Hub and comes back. */
import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { goTo } from '../support/browser.mjs';
import { WRITER } from '../support/hub.mjs';

export async function logIn({ page }) {
  await goTo(page, '#/settings');
  const field = page.getByLabel('Access token');
  await field.fill('hf_nobody');
  await page.getByRole('button', { name: 'Check and keep' }).click();
  const refused = page.getByRole('alert');
  await refused.getByText(/does not accept this token/).waitFor();
  await refused.getByRole('button', { name: 'Dismiss' }).click();

  await field.fill(WRITER);
  await page.getByRole('button', { name: 'Check and keep' }).click();
  await refused.getByText(/system keyring cannot be used/).waitFor();
  await refused.getByRole('button', { name: 'Use it for this session only' }).click();
  await page.getByText('may read and write').waitFor();
  await page.getByText('ada', { exact: true }).waitFor();
  assert.equal((await page.content()).includes(WRITER), false, 'the token shows nowhere');
}

export async function upload(journey) {
  const { page, run, hub } = journey;
  await goTo(page, `#/adapters?adapter=${encodeURIComponent(run)}`);
  await page.getByRole('button', { name: 'Upload…' }).click();
  const name = page.getByRole('textbox', { name: 'Repository' });
  await name.waitFor();
  const proposed = await name.inputValue();
  assert.match(proposed, /^ada\/[\w.-]+$/);

  await name.fill('bob/mine');
  await page.getByRole('button', { name: 'Upload', exact: true }).click();
  const refused = page.getByRole('alert');
  await refused.getByText(/ada may not write to bob/).waitFor();
  await refused.getByRole('button', { name: 'Dismiss' }).click();

  journey.repository = 'ada/from-the-browser';
  await name.fill(journey.repository);
  await page.getByText(/^\d+ files, /).click();
  await page.getByText('adapter_model.safetensors', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Upload', exact: true }).click();
  await page.getByText(`${hub.endpoint}/${journey.repository}`).waitFor({ timeout: 60_000 });
  await page.getByText(/files new or changed/).waitFor();

  const made = await hub.model(journey.repository);
  assert.equal(made.private, true);
  const folder = join(run, 'adapter');
  const size = new Map(made.siblings.map((file) => [file.rfilename, file.size]));
  const here = readdirSync(folder, { recursive: true }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
  for (const path of here) assert.equal(size.get(path), statSync(join(folder, path)).size, path);
}

export async function comeBack({ page, repository }) {
  await page.getByRole('button', { name: 'Import from the Hub…' }).click();
  await page.getByRole('dialog').getByLabel('Repository').fill(repository);
  await page.getByRole('dialog').getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByRole('heading', { name: 'from-the-browser' }).waitFor({ timeout: 60_000 });
  await page.getByText(/gives what it gave/).waitFor();
}
