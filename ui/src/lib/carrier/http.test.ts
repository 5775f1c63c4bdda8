import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Failure } from './failure';
import { httpCarrier } from './http';

/** The browser's stream of messages, which the test opens and breaks. */
class Stream {
  static readonly CLOSED = 2;
  static last: Stream | undefined;
  readyState = 1;
  onmessage?: (event: { data: string }) => void;
  onopen?: () => void;
  onerror?: () => void;
  constructor(readonly address: string) {
    Stream.last = this;
  }
  close(): void {
    this.readyState = Stream.CLOSED;
  }
}
const fetch = vi.fn<(address: string, options: RequestInit) => Promise<Response>>();

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', Stream);
  vi.stubGlobal('location', { host: 'localhost:1' });
  vi.stubGlobal('fetch', fetch);
  fetch.mockReset().mockImplementation(() => Promise.resolve(new Response('{"job":"1"}')));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** A check of an adapter that has begun, and what it was told. */
async function started() {
  const heard = { done: vi.fn(), failed: vi.fn<(error: unknown) => void>() };
  const job = httpCarrier().follow('adapters.check', { adapter: '/a' }, heard);
  await job.name;
  await vi.advanceTimersByTimeAsync(0);
  const stream = Stream.last;
  if (!stream) throw new Error('no stream was opened');
  return { ...heard, stream };
}

it('an error of the engine comes as it was said, and silence as what to do about it', async () => {
  const error = { kind: 'data', message: 'broken', where: 'a.csv', remedy: 'mend it', choices: ['a'] };
  const carrier = httpCarrier();
  fetch.mockResolvedValueOnce(new Response(JSON.stringify(error), { status: 400 }));
  await expect(carrier.call('runs.list', {})).rejects.toMatchObject(error);
  fetch.mockRejectedValueOnce(new TypeError('failed to fetch'));
  await expect(carrier.call('runs.list', {})).rejects.toMatchObject({
    kind: 'network',
    where: 'localhost:1',
  });
});

it('a stream that comes back costs no job', async () => {
  const { stream, done, failed } = await started();
  stream.readyState = 0;
  stream.onerror?.();
  await vi.advanceTimersByTimeAsync(9000);
  stream.onopen?.();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(failed).not.toHaveBeenCalled();
  stream.onmessage?.({ data: JSON.stringify({ job: '1', event: { type: 'done', answer: 42 } }) });
  expect(done).toHaveBeenCalledExactlyOnceWith(42);
});

it('jobs fail where the stream stays away', async () => {
  const { stream, failed } = await started();
  stream.readyState = 0;
  stream.onerror?.();
  stream.onerror?.();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(failed).toHaveBeenCalledOnce();
  expect((failed.mock.calls[0]?.[0] as Failure).kind).toBe('network');
  expect(stream.readyState).toBe(Stream.CLOSED);
});

it('and at once where another server answers', async () => {
  const { stream, failed } = await started();
  stream.readyState = Stream.CLOSED;
  stream.onerror?.();
  expect(failed).toHaveBeenCalledOnce();
});
