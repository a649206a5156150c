/** A lent tab's sign of life, which also brings back whether it should go on. */
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { beatTrial } from '../trial/heartbeat.ts';
import { isLate, type Lease, loadLent, requireHeld } from './lease.ts';
import { giveBack } from './return.ts';

/**
 * @returns `pause` when the search wants its trials back
 * @throws AppError `conflict` once the trial is not this tab's any more: throw the work away
 */
export async function beatLent(ctx: ServiceContext, input: Lease): Promise<{ wish: 'go on' | 'pause' }> {
  const lent = await loadLent(ctx, input);
  requireHeld(lent);
  if (isLate(lent, ctx.now())) {
    await giveBack(ctx, lent, 'late');
    throw new AppError('conflict', 'The time of this trial is over; a worker takes it.');
  }
  const pulse = await beatTrial(ctx, { trialId: input.trialId, worker: lent.owner });
  if (!pulse?.mine) throw new AppError('conflict', 'This trial is no longer lent to this tab.');
  return { wish: pulse.state === 'searching' ? 'go on' : 'pause' };
}
