/**
 * Benjamini and Hochberg (1995): for each p value the share of false discoveries among all that are called where it is
 * called too. Calling those of at most 0.05 keeps that share below 5 % on average.
 */
export function falseDiscoveryRates(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).sort((a, b) => p[b]! - p[a]!);
  const rates = new Array<number>(p.length);
  let least = 1;
  order.forEach((i, place) => {
    least = Math.min(least, (p[i]! * p.length) / (p.length - place));
    rates[i] = least;
  });
  return rates;
}
