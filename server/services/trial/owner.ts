/**
 * Who runs a trial, as its row says: `host:process:slot` for a worker, `tab:user:lease` for a tab that a person lends.
 * A worker that judges what a tab sent writes itself behind it: `tab:user:lease@host:process:slot`.
 */
import { sql } from 'drizzle-orm';
import { trials } from '#db/schema/searches.ts';

const tab = /^tab:([^:@]+):([^:@]+)(@.+)?$/;

export interface TabOwner {
  readonly userId: string;
  readonly lease: string;
  /** A worker is judging what the tab sent. */
  readonly judged: boolean;
}

export const tabOwner = (userId: string, lease: string): string => `tab:${userId}:${lease}`;

/** Null for a worker and for nobody. */
export function readTabOwner(worker: string | null): TabOwner | null {
  const [, userId, lease, judge] = tab.exec(worker ?? '') ?? [];
  return userId && lease ? { userId, lease, judged: judge !== undefined } : null;
}

/** Whether a tab has sent its model and nobody judges it yet. */
export function isHandedIn<T extends { worker: string | null; artifactKey: string | null }>(
  trial: T,
): trial is T & { artifactKey: string } {
  return trial.artifactKey !== null && readTabOwner(trial.worker)?.judged === false;
}

/** Trials that tabs run; of one person where `userId` is given. */
export const runsInTab = (userId?: string) => sql`${trials.worker} like ${`tab:${userId ?? ''}%`}`;

/** What `trials.device` begins with where a tab trained it: kept when a trial is reused, unlike its owner. */
const tabDevicePrefix = 'tab ';
export const tabDevice = (device: string): string => tabDevicePrefix + device;
export const isTabDevice = (device: string | null): boolean => device?.startsWith(tabDevicePrefix) ?? false;
