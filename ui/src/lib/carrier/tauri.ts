import { Channel, invoke } from '@tauri-apps/api/core';
import { getCurrentWebview } from '@tauri-apps/api/webview';
import type { Carrier, FileKind, Job, JobCommand, Listener } from './carrier';
import { Failure } from './failure';
import { JobBoard } from './jobs';
import type { Message, Started } from '../bindings';

/** Speaks to the engine inside the window. */
export function tauriCarrier(): Carrier {
  const board = new JobBoard();
  const ask = async (command: string, request: unknown): Promise<never> => {
    try {
      const messages = new Channel<Message>((message) => board.take(message));
      return await invoke('call', { command, request, messages });
    } catch (error) {
      throw Failure.of(error);
    }
  };
  return {
    can: { pickFolder: true, saveAs: true, reveal: true },
    call: ask,
    follow<C extends JobCommand>(command: C, request: unknown, listener: Listener<C>): Job {
      return board.start(
        () => ask(command, request) as Promise<Started>,
        (job) => ask('job.cancel', { job }),
        listener,
      );
    },
    rejoin<C extends JobCommand>(job: string, listener: Listener<C>): Job {
      return board.rejoin(
        job,
        (name) => ask('job.listen', { job: name }),
        (name) => ask('job.cancel', { job: name }),
        listener,
      );
    },
    pickFiles: (kinds: FileKind[], several: boolean) => invoke('pick_files', { kinds, several }),
    pickFolder: async () => (await invoke<string | null>('pick_folder')) ?? undefined,
    saveAs: async (suggested, kinds) =>
      (await invoke<string | null>('save_as', { suggested, kinds })) ?? undefined,
    reveal: (path) => invoke('reveal', { path }),
    openPage: (address) => invoke('open_page', { address }),
    openReport: (path) => invoke('open_report', { path }),
    hand: (path) => invoke('reveal', { path }),
    onDrop(dropping) {
      const stop = getCurrentWebview().onDragDropEvent(({ payload }) => {
        dropping.over(payload.type === 'enter' || payload.type === 'over');
        if (payload.type === 'drop') dropping.dropped(payload.paths);
      });
      stop.catch((error: unknown) => dropping.failed(error));
      return () => void stop.then((unlisten) => unlisten());
    },
  };
}
