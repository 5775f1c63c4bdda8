import type { Carrier, Dropping, FileKind, Listener, Job, JobCommand } from './carrier';
import { Failure, isEngineError } from './failure';
import { JobBoard } from './jobs';
import type { Message, Started } from '../bindings';

/** How long the stream of messages may be gone, in milliseconds: browsers try again every few seconds. */
const PATIENCE = 10_000;

/** Speaks to `episome serve` from a browser. */
export function httpCarrier(): Carrier {
  const board = new JobBoard();
  let handing: Dropping['handing'] = () => {};
  let events: EventSource | undefined;
  const call = async (command: string, request: unknown): Promise<never> =>
    answer(await send(`api/${command}`, JSON.stringify(request), { 'content-type': 'application/json' }));

  function listen(): void {
    if (events && events.readyState !== EventSource.CLOSED) return;
    const stream = new EventSource('api/events');
    let lost: ReturnType<typeof setTimeout> | undefined;
    const fail = () => {
      stream.close();
      board.fail(silent());
    };
    stream.onmessage = (event: MessageEvent<string>) => board.take(JSON.parse(event.data) as Message);
    stream.onopen = () => {
      clearTimeout(lost);
      lost = undefined;
    };
    stream.onerror = () => {
      // Closed, it was refused for good: another server answers, which knows nothing of these jobs.
      if (stream.readyState === EventSource.CLOSED) fail();
      else lost ??= setTimeout(fail, PATIENCE);
    };
    events = stream;
  }

  return {
    can: { pickFolder: false, saveAs: false, reveal: false },
    call,
    follow<C extends JobCommand>(command: C, request: unknown, listener: Listener<C>): Job {
      listen();
      return board.start(
        () => call(command, request) as Promise<Started>,
        (job) => call('job.cancel', { job }),
        listener,
      );
    },
    rejoin<C extends JobCommand>(job: string, listener: Listener<C>): Job {
      listen();
      return board.rejoin(
        job,
        (name) => call('job.listen', { job: name }),
        (name) => call('job.cancel', { job: name }),
        listener,
      );
    },
    async pickFiles(kinds, several) {
      return upload(await chosen(kinds, several), handing);
    },
    pickFolder: () => Promise.resolve(undefined),
    saveAs: () => Promise.resolve(undefined),
    reveal: () => Promise.resolve(),
    async openPage(address) {
      window.open(address, '_blank', 'noopener,noreferrer');
      return Promise.resolve();
    },
    openReport: handOver,
    hand: handOver,
    onDrop(dropping) {
      handing = (share) => dropping.handing(share);
      return listenToDrops(dropping);
    },
  };
}

/** Has the browser download a file that the engine wrote. */
function handOver(path: string): Promise<void> {
  const link = document.createElement('a');
  link.href = `files?path=${encodeURIComponent(path)}`;
  link.download = path.split(/[\\/]/).pop() ?? '';
  link.click();
  return Promise.resolve();
}

async function send(address: string, body: BodyInit, headers: HeadersInit = {}): Promise<Response> {
  try {
    // Kept alive, so that a last word is said even as the page closes; browsers allow that up to 64 KiB.
    const keepalive = typeof body === 'string' && body.length < 60_000;
    return await fetch(address, { method: 'POST', body, headers, keepalive });
  } catch {
    throw silent();
  }
}

function silent(): Failure {
  return new Failure({
    kind: 'network',
    message: 'Episome does not answer.',
    where: location.host,
    remedy: 'see whether the program that serves this page still runs, and start it again',
  });
}

async function answer(response: Response): Promise<never> {
  const text = await response.text();
  let value: unknown;
  try {
    value = text === '' ? null : JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (response.ok && value !== undefined) return value as never;
  if (isEngineError(value)) throw new Failure(value);
  throw new Failure({
    kind: response.status === 401 || response.status === 403 ? 'usage' : 'internal',
    message: `${response.status} ${response.statusText} ${text.slice(0, 200)}`.trim(),
    where: response.url,
    remedy: 'open the address that `episome serve` printed',
  });
}

/** Hands files to the engine; the answer is where they lie for it. */
async function upload(files: File[], handing: Dropping['handing']): Promise<string[]> {
  const all = Math.max(
    1,
    files.reduce((sum, file) => sum + file.size, 0),
  );
  let done = 0;
  try {
    const paths: string[] = [];
    for (const file of files) {
      paths.push(await uploadOne(file, (sent) => handing((done + sent) / all)));
      done += file.size;
    }
    return paths;
  } finally {
    handing(undefined);
  }
}

/** By XMLHttpRequest, since `fetch` does not tell how an upload gets on. */
function uploadOne(file: File, sent: (bytes: number) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `api/upload?name=${encodeURIComponent(file.name)}`);
    request.upload.onprogress = (event) => sent(event.loaded);
    request.onerror = () => reject(silent());
    request.onload = () => {
      const response = new Response(request.responseText, {
        status: request.status,
        statusText: request.statusText,
      });
      answer(response).then((kept: { path: string }) => resolve(kept.path), reject);
    };
    request.send(file);
  });
}

/** The browser's own file dialog. */
function chosen(kinds: FileKind[], several: boolean): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = several;
    input.accept = kinds.flatMap((kind) => kind.extensions.map((extension) => `.${extension}`)).join(',');
    input.onchange = () => resolve([...(input.files ?? [])]);
    input.oncancel = () => resolve([]);
    input.click();
  });
}

function listenToDrops(dropping: Dropping): () => void {
  const stop = new AbortController();
  const options = { signal: stop.signal };
  // Each element on the way fires its own enter and leave.
  let depth = 0;
  const files = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
  const hover = (change: number) => {
    depth = Math.max(0, depth + change);
    dropping.over(depth > 0);
  };
  window.addEventListener('dragenter', (event) => files(event) && hover(1), options);
  window.addEventListener('dragleave', (event) => files(event) && hover(-1), options);
  window.addEventListener('dragover', (event) => files(event) && event.preventDefault(), options);
  window.addEventListener(
    'drop',
    (event) => {
      if (!files(event)) return;
      event.preventDefault();
      hover(-depth);
      // The browser forgets what was dropped when this function returns: entries are taken now.
      const items = [...(event.dataTransfer?.items ?? [])].filter((item) => item.kind === 'file');
      const things = items.map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
      filesOf(things)
        .then((files) => upload(files, (share) => dropping.handing(share)))
        .then(
          (paths) => dropping.dropped(paths),
          (error: unknown) => dropping.failed(error),
        );
    },
    options,
  );
  return () => stop.abort();
}

/** The files among dropped things, those in dropped folders included. */
async function filesOf(things: (FileSystemEntry | File | null)[]): Promise<File[]> {
  const found = await Promise.all(
    things.map(async (thing): Promise<File[]> => {
      if (!thing) return [];
      if (thing instanceof File) return [thing];
      if (thing.isDirectory)
        return filesOf(await entriesOf((thing as FileSystemDirectoryEntry).createReader()));
      return [await new Promise<File>((take, fail) => (thing as FileSystemFileEntry).file(take, fail))];
    }),
  );
  return found.flat();
}

/** Everything in a folder; the reader tells a hundred at a time. */
async function entriesOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const some = await new Promise<FileSystemEntry[]>((take, fail) => reader.readEntries(take, fail));
  return some.length === 0 ? [] : [...some, ...(await entriesOf(reader))];
}
