/** A Hub on this computer, empty at first. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { hubStandIn } from './places.mjs';

/** A token of its user ada, who may write. */
export const WRITER = 'hf_writer';

/** Starts it and lets `home` reach it, and no other. */
export async function startHub(home) {
  const folder = join(home.folder, 'shelves');
  mkdirSync(folder);
  const child = spawn(hubStandIn(), [folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { endpoint } = JSON.parse(line);
  Object.assign(home.environment, { HF_ENDPOINT: endpoint, HF_HUB_OFFLINE: '0' });
  return {
    endpoint,
    /** What it tells about a model to one who may see it. */
    async model(id) {
      const headers = { authorization: `Bearer ${WRITER}` };
      const response = await fetch(`${endpoint}/api/models/${id}?blobs=true`, { headers });
      return response.json();
    },
    async end() {
      // It ends when its standard input does.
      child.stdin.end();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}
