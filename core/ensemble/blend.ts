/** Predictions of an ensemble from those of its members. */

/** Weighted sum of member predictions. Members of weight 0 are not read. */
export function blend(members: readonly Float32Array[], weights: readonly number[]): Float32Array {
  const sum = new Float64Array(members[0]!.length);
  members.forEach((member, m) => {
    const weight = weights[m]!;
    if (weight === 0) return;
    for (let i = 0; i < sum.length; i++) sum[i]! += weight * member[i]!;
  });
  return new Float32Array(sum);
}
