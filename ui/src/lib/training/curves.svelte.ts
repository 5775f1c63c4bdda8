import { Asked } from '$lib/app/asked.svelte';
import { engine, type Curves, type CurvesRequest } from '$lib/carrier';

/** While a run goes on, its curves are drawn anew this often, in milliseconds, and never more than a tenth of the time. */
const EVERY = 1000;

/** The curves of a run, drawn as often as it is reasonable. */
export class CurveDrawing {
  readonly asked = new Asked<Curves>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = 0;
  #took = 0;

  /** Draws soon: at once when the size or the colours are others, else when it is time again. */
  draw(request: CurvesRequest, atOnce: boolean): void {
    clearTimeout(this.#timer);
    const wait = atOnce ? 0 : Math.max(0, this.#last + Math.max(EVERY, 10 * this.#took) - Date.now());
    this.#timer = setTimeout(() => {
      this.#last = Date.now();
      void this.asked
        .ask(() => engine().call('training.curves', request))
        .finally(() => (this.#took = Date.now() - this.#last));
    }, wait);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
