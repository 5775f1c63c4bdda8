import type { EngineError, ErrorKind } from '../bindings';

/** What failed, where, and what to do about it: the engine's error as JavaScript throws it. */
export class Failure extends Error {
  readonly kind: ErrorKind;
  readonly where: string | null;
  readonly remedy: string;
  /** What the same request may name instead, where one of a few is to be chosen. */
  readonly choices: string[];

  constructor(error: EngineError) {
    super(error.message);
    this.name = 'Failure';
    this.kind = error.kind;
    this.where = error.where;
    this.remedy = error.remedy;
    this.choices = error.choices ?? [];
  }

  /** Anything thrown, as a failure. */
  static of(thrown: unknown): Failure {
    if (thrown instanceof Failure) return thrown;
    if (isEngineError(thrown)) return new Failure(thrown);
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new Failure({ kind: 'internal', message, where: null, remedy: '' });
  }

  /** The whole of it as text, to be copied. */
  get text(): string {
    return [this.message, this.where && `where: ${this.where}`, this.remedy && `what to do: ${this.remedy}`]
      .filter(Boolean)
      .join('\n');
  }
}

export function isEngineError(value: unknown): value is EngineError {
  return (
    typeof value === 'object' && value !== null && 'kind' in value && 'message' in value && 'remedy' in value
  );
}
