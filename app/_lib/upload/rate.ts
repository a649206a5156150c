/** Speed of a transfer, smoothed over the last seconds, and the time it leaves. */
export interface Rate {
  /** Notes that `bytes` in total have arrived by `at` (milliseconds). */
  note(bytes: number, at: number): void;
  /** Bytes per second, or null before there is enough to say. */
  perSecond(): number | null;
}

/** @param windowSeconds how far back the speed looks */
export function createRate(windowSeconds = 5): Rate {
  let marks: { bytes: number; at: number }[] = [];
  return {
    note(bytes, at) {
      const last = marks.at(-1);
      if (last && bytes < last.bytes) marks = [];
      marks.push({ bytes, at });
      while (marks.length > 2 && at - (marks[0]?.at ?? at) > windowSeconds * 1000) marks.shift();
    },
    perSecond() {
      const first = marks[0];
      const last = marks.at(-1);
      if (!first || !last || last.at - first.at < 250) return null;
      return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
    },
  };
}
