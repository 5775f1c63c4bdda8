import { engine, Failure } from '$lib/carrier';

/** Names tried before giving up: `name`, `name-2`, … */
const TRIES = 100;

/**
 * Makes something at a new place below the folder of projects, where no dialog can ask for one: `make` is tried with one
 * name after the other until one is free.
 */
export async function atFreePlace<T>(
  below: string,
  name: string,
  make: (out: string) => Promise<T>,
): Promise<T> {
  const { projects } = await engine().call('home.overview', {});
  const slash = projects.path.includes('\\') ? '\\' : '/';
  for (let number = 1; ; number += 1) {
    const last = number === 1 ? name : `${name}-${number}`;
    try {
      return await make([projects.path, below, last].join(slash));
    } catch (error) {
      const failure = Failure.of(error);
      const taken = failure.kind === 'file' && failure.message.includes('exists already');
      if (!taken || number === TRIES) throw failure;
    }
  }
}
