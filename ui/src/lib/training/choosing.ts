import { engine, type Run } from '$lib/carrier';

/** The run that was started last, of those that are wanted. */
export async function newest(wanted: (run: Run) => boolean = () => true): Promise<Run | undefined> {
  const { runs } = await engine().call('runs.list', {});
  const known = runs.filter(wanted);
  return known.sort((a, b) => (b.started ?? '').localeCompare(a.started ?? ''))[0];
}
