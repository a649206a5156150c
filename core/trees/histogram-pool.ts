/** Histograms of open leaves, reused from tree to tree and bounded in memory. */

/** Bytes that one grower may hold in histograms. */
const POOL_BYTES = 256 * 2 ** 20;

export class HistogramPool {
  private readonly free: Float64Array[] = [];
  private made = 0;
  private cells = 0;

  /** Sets the length of histograms; keeps what fits. */
  resize(cells: number): void {
    if (cells <= this.cells) return;
    this.cells = cells;
    this.free.length = 0;
    this.made = 0;
  }

  /** A histogram with undefined contents, or undefined when memory is used up. */
  take(): Float64Array | undefined {
    const histogram = this.free.pop();
    if (histogram) return histogram;
    if (this.made >= Math.max(3, Math.floor(POOL_BYTES / (8 * Math.max(1, this.cells))))) return undefined;
    this.made++;
    return new Float64Array(this.cells);
  }

  give(histogram: Float64Array): void {
    this.free.push(histogram);
  }
}
