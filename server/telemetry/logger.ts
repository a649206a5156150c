/** Structured logs, one JSON line each. Values from people's data never go in. */
import { type Logger, pino } from 'pino';
import type { Config } from '../config/index.ts';

/** @param process name in every line, e.g. `web` or `worker` */
export function createLogger(level: Config['logLevel'], process: string): Logger {
  return pino({
    level,
    base: { process },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['password', 'token', 'key', '*.password', '*.token', '*.authorization', '*.cookie'],
  });
}
