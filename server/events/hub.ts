/** One LISTEN connection per process that wakes any number of waiting readers. */
import pg from 'pg';
import { eventChannel } from './append.ts';

export interface EventHub {
  /** Calls `wake` whenever `searchId` has new events, and after every reconnect; returns how to stop. */
  watch(searchId: string, wake: () => void): () => void;
  close(): Promise<void>;
}

const retryMs = 500;

/** Opens the hub; connects in the background and reconnects for ever. */
export function openEventHub(databaseUrl: string): EventHub {
  const watchers = new Map<string, Set<() => void>>();
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const wakeAll = () => {
    for (const set of watchers.values()) for (const wake of set) wake();
  };
  const reconnect = () => {
    if (closed || timer) return;
    timer = setTimeout(() => {
      timer = undefined;
      void connect();
    }, retryMs);
  };
  const connect = async () => {
    const next = new pg.Client({ connectionString: databaseUrl, keepAlive: true, connectionTimeoutMillis: 5000 });
    next.on('error', reconnect);
    next.on('end', reconnect);
    next.on('notification', ({ payload }) => {
      const searchId = payload?.split(':')[0];
      if (searchId) for (const wake of watchers.get(searchId) ?? []) wake();
    });
    try {
      await next.connect();
      await next.query(`listen ${eventChannel}`);
      if (closed) return void (await next.end());
      client = next;
      wakeAll();
    } catch {
      reconnect();
    }
  };
  void connect();

  return {
    watch(searchId, wake) {
      const set = watchers.get(searchId) ?? new Set();
      watchers.set(searchId, set.add(wake));
      return () => {
        set.delete(wake);
        if (set.size === 0 && watchers.get(searchId) === set) watchers.delete(searchId);
      };
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
}
