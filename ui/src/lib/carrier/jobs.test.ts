import { describe, expect, it, vi } from 'vitest';
import { Failure } from './failure';
import { JobBoard } from './jobs';

const event = (job: string, event: unknown) => ({
  job,
  event: { type: 'progress' as const, progress: event },
});

describe('jobs', () => {
  it('hand over what came before the name of the job was known', async () => {
    const board = new JobBoard();
    const heard = vi.fn();
    const done = vi.fn();
    let named: (value: { job: string }) => void = () => {};
    board.start(
      () => new Promise((resolve) => (named = resolve)),
      () => Promise.resolve(),
      { progress: heard, done },
    );
    board.take(event('7', 'early'));
    named({ job: '7' });
    await Promise.resolve().then(() => Promise.resolve());
    board.take(event('7', 'late'));
    board.take({ job: '7', event: { type: 'done', answer: 42 } });
    board.take(event('7', 'never'));
    expect(heard.mock.calls).toEqual([['early'], ['late']]);
    expect(done).toHaveBeenCalledExactlyOnceWith(42);
  });

  it('fail with what, where and what to do', async () => {
    const board = new JobBoard();
    const failed = vi.fn<(error: unknown) => void>();
    board.start(
      () => Promise.resolve({ job: '1' }),
      () => Promise.resolve(),
      { failed },
    );
    await Promise.resolve().then(() => Promise.resolve());
    const error = { kind: 'data', message: 'broken', where: 'a.csv, line 3', remedy: 'mend it' } as const;
    board.take({ job: '1', event: { type: 'error', error } });
    const failure = failed.mock.calls[0]?.[0] as Failure;
    expect(failure).toBeInstanceOf(Failure);
    expect(failure.text).toBe('broken\nwhere: a.csv, line 3\nwhat to do: mend it');
  });

  it('can be cancelled before their name is known', async () => {
    const board = new JobBoard();
    const cancel = vi.fn(() => Promise.resolve());
    board.start(() => Promise.resolve({ job: '1' }), cancel, {}).cancel();
    expect(cancel).not.toHaveBeenCalled();
    await Promise.resolve().then(() => Promise.resolve());
    expect(cancel).toHaveBeenCalledExactlyOnceWith('1');
  });

  it('are heard again by a page that was loaded anew', async () => {
    const board = new JobBoard();
    const heard = vi.fn();
    const done = vi.fn();
    let heardOf: () => void = () => {};
    board.rejoin(
      '9',
      () => new Promise<void>((resolve) => (heardOf = resolve)),
      () => Promise.resolve(),
      { progress: heard, done },
    );
    // It may end while the engine is still asked to tell this page.
    board.take(event('9', 'half'));
    board.take({ job: '9', event: { type: 'done', answer: 1 } });
    heardOf();
    await new Promise((resolve) => setTimeout(resolve));
    expect(heard).toHaveBeenCalledExactlyOnceWith('half');
    expect(done).toHaveBeenCalledExactlyOnceWith(1);
  });

  it('are silent once left', async () => {
    const board = new JobBoard();
    const heard = vi.fn();
    board
      .start(
        () => Promise.resolve({ job: '1' }),
        () => Promise.resolve(),
        { progress: heard },
      )
      .leave();
    await Promise.resolve().then(() => Promise.resolve());
    board.take(event('1', 'anything'));
    expect(heard).not.toHaveBeenCalled();
  });
});
