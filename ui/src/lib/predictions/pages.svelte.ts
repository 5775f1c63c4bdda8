import { engine, Failure, type PredictedRow, type RowSort } from '$lib/carrier';
import { everything, filterOf, type Showing } from './showing';

/** Rows that are asked for at a time. */
const PAGE = 100;
/** Rows above the last one in sight that may be in sight as well. */
const IN_SIGHT = 80;

/** The rows of a prediction as a table shows them: asked of the engine page by page as they come into sight. */
export class Pages {
  showing = $state.raw<Showing>(everything);
  sort = $state.raw<RowSort | undefined>();
  /** As long as there are rows to show; those not asked for yet are holes. */
  rows = $state.raw<(PredictedRow | undefined)[]>([]);
  /** Rows in all, whatever is shown. */
  total = $state(0);
  labels = $state.raw<string[]>([]);
  failure = $state.raw<Failure | undefined>();
  #job: string | undefined;
  /** Counts changes of what is shown; an answer to an older question is not taken. */
  #question = 0;
  #last = 0;
  #asked = new Set<number>();

  /** Shows the rows of another prediction, or none. */
  open(job: string | undefined): void {
    this.#job = job;
    this.#question += 1;
    this.#asked.clear();
    this.#last = 0;
    this.showing = everything;
    this.sort = undefined;
    this.rows = [];
    this.total = 0;
    this.labels = [];
    this.failure = undefined;
  }

  show(showing: Showing): void {
    this.showing = showing;
    void this.refresh();
  }

  sortBy(sort: RowSort | undefined): void {
    this.sort = sort;
    void this.refresh();
  }

  /** The row of this number came into sight. */
  reach(last: number): void {
    this.#last = last;
    const missing = this.#pagesInSight().filter((page) => !this.#asked.has(page));
    if (missing.length > 0) void this.#ask(missing, this.#question, true);
  }

  /** Asks anew for what is in sight: there may be more rows now, or others. Pages out of sight are forgotten. */
  async refresh(): Promise<void> {
    this.#question += 1;
    this.#asked.clear();
    await this.#ask(this.#pagesInSight(), this.#question, false);
  }

  #pagesInSight(): number[] {
    const from = Math.floor(Math.max(0, this.#last - IN_SIGHT) / PAGE);
    const to = Math.floor(this.#last / PAGE);
    return from === to ? [to] : [from, to];
  }

  async #ask(pages: number[], question: number, more: boolean): Promise<void> {
    const job = this.#job;
    if (job === undefined) return;
    pages.forEach((page) => this.#asked.add(page));
    const order = this.sort === undefined ? {} : { sort: this.sort };
    const which = { job, limit: PAGE, filter: filterOf(this.showing), ...order };
    try {
      const answers = await Promise.all(
        pages.map((page) => engine().call('predict.rows', { ...which, offset: page * PAGE })),
      );
      if (question !== this.#question) return;
      const rows = more ? this.rows.slice() : [];
      for (const [index, answer] of answers.entries()) {
        const offset = (pages[index] ?? 0) * PAGE;
        rows.length = answer.matched;
        answer.rows.forEach((row, place) => (rows[offset + place] = row));
        this.total = answer.total;
        if (answer.labels.length > 0) this.labels = answer.labels;
      }
      this.rows = rows;
      this.failure = undefined;
    } catch (error) {
      if (question === this.#question) this.failure = Failure.of(error);
    }
  }
}
