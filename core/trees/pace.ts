/** How a long loop shares its thread: it reports work done and pauses when enough has piled up. */
export interface Pace {
  /** Seconds that training may still use; Infinity without a limit. */
  secondsLeft(): number;
  /** Lets other work of the process run; rejects when training was cancelled. */
  rest(): Promise<void>;
  /** Told after each round or tree how many there are. */
  grown?(done: number, total: number, watched?: number): void;
}

/** Work units (about a nanosecond each) between two pauses. */
const UNITS_BETWEEN_RESTS = 20e6;

/** Counts work so that loops await only every 20 to 40 ms. */
export class PacedLoop {
  private units = 0;
  private readonly pace: Pace;

  constructor(pace: Pace) {
    this.pace = pace;
  }

  /** Adds work; true when it is time to `await rest()`. */
  spend(units: number): boolean {
    this.units += units;
    return this.units >= UNITS_BETWEEN_RESTS;
  }

  async rest(): Promise<void> {
    this.units = 0;
    await this.pace.rest();
  }

  secondsLeft(): number {
    return this.pace.secondsLeft();
  }

  /** @param watched the held-out value that stopping watches */
  grown(done: number, total: number, watched?: number): void {
    this.pace.grown?.(done, total, watched);
  }
}

/** No limit, no pauses: for small models inside other loops and for tests. */
export const unpaced: Pace = { secondsLeft: () => Infinity, rest: async () => {} };
