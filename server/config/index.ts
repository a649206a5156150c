/** Settings from the environment, parsed once at the start of a process and passed on; nothing else reads `process.env`. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';

const optional = z
  .string()
  .optional()
  .transform((value) => (value === '' ? undefined : value));
const positive = (fallback: number) => z.coerce.number().positive().default(fallback);

const environment = z.object({
  DATABASE_URL: z
    .string()
    .min(1, 'DATABASE_URL is not set: start the product with `npm start`, or name a PostgreSQL database'),
  WARMSTART_DATA: z.string().default('.data'),
  PUBLIC_URL: z.string().default('http://localhost:3000'),
  AUTH_SECRET: optional,
  STORAGE: z.enum(['fs', 's3']).default('fs'),
  S3_BUCKET: optional,
  S3_REGION: optional,
  S3_ENDPOINT: optional,
  S3_ACCESS_KEY_ID: optional,
  S3_SECRET_ACCESS_KEY: optional,
  MAX_UPLOAD_BYTES: positive(2 * 1024 ** 3),
  MAX_ROWS: positive(5_000_000),
  MAX_COLUMNS: positive(10_000),
  MAX_BUDGET_SECONDS: positive(86_400),
  MAX_CONCURRENT_TRIALS: positive(64),
  MAX_CONCURRENT_SEARCHES: positive(20),
  TRIAL_MEGABYTES: positive(4096),
  WORKER_CONCURRENCY: positive(availableParallelism()),
  TRAINER: z.enum(['onnx', 'tfjs']).default('onnx'),
  ONNX_PROVIDER: z.enum(['cpu', 'auto', 'webgpu', 'cuda']).default('cpu'),
  TFJS_BACKEND: z.enum(['auto', 'cpu', 'node', 'node-gpu']).default('auto'),
  SEED_BANK: z.string().default('on'),
  EMAIL_SERVER: optional,
  EMAIL_FROM: optional,
  AUTH_GITHUB_ID: optional,
  AUTH_GITHUB_SECRET: optional,
  AUTH_GOOGLE_ID: optional,
  AUTH_GOOGLE_SECRET: optional,
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export interface OAuthClient {
  readonly id: string;
  readonly secret: string;
}

/** What trains networks; docs/runtimes.md has a table of what was run where. */
export interface TrainingSettings {
  /** TRAINER: ONNX programs run by onnxruntime, or TensorFlow.js where it is installed. */
  readonly trainer: 'onnx' | 'tfjs';
  /**
   * ONNX_PROVIDER: where ONNX programs run. `webgpu` and `cuda` fail where there is none; `auto` takes a GPU for the
   * networks that train faster there. The CPU by default: on networks of the size that tables need it is the fastest.
   */
  readonly provider: 'cpu' | 'auto' | 'webgpu' | 'cuda';
  /** TFJS_BACKEND: native kernels (`node`, `node-gpu`) or plain JavaScript (`cpu`); `auto` takes the first that loads. */
  readonly tfjsBackend: 'auto' | 'cpu' | 'node' | 'node-gpu';
}

export interface Config {
  readonly databaseUrl: string;
  /** Absolute path of the state folder. */
  readonly dataDir: string;
  /** Where people reach the product, without a trailing slash. */
  readonly publicUrl: string;
  readonly authSecret: string;
  readonly storage:
    | { readonly kind: 'fs'; readonly dir: string }
    | {
        readonly kind: 's3';
        readonly bucket: string;
        readonly region: string;
        readonly endpoint?: string;
        readonly accessKeyId?: string;
        readonly secretAccessKey?: string;
      };
  readonly limits: {
    readonly uploadBytes: number;
    readonly rows: number;
    readonly columns: number;
    readonly maxBudgetSeconds: number;
    /** Trials that workers run at once for one workspace, and searches of it that are not ended or paused. */
    readonly workspaceTrials: number;
    readonly workspaceSearches: number;
    readonly trialMegabytes: number;
  };
  readonly workers: { readonly concurrency: number };
  readonly training: TrainingSettings;
  readonly mail?: { readonly server: string; readonly from: string };
  readonly oauth: { readonly github?: OAuthClient; readonly google?: OAuthClient };
  /** SEED_BANK: `on` for the bank that ships with the product, `off` to start from an empty one, or the path of another. */
  readonly seedBank: string;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
}

/** A secret of this installation, made on first use and kept in the state folder, readable by its owner only. */
function installationSecret(dataDir: string): string {
  const file = join(dataDir, 'auth-secret');
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600 });
  }
  return readFileSync(file, 'utf8').trim();
}

const client = (id: string | undefined, secret: string | undefined): OAuthClient | undefined =>
  id && secret ? { id, secret } : undefined;

/**
 * @param env usually `process.env`
 * @throws Error naming every variable that is missing or wrong
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = environment.safeParse(env);
  if (!parsed.success) throw new Error(`The environment is not complete:\n${z.prettifyError(parsed.error)}`);
  const e = parsed.data;
  const dataDir = resolve(e.WARMSTART_DATA);
  if (e.STORAGE === 's3' && !e.S3_BUCKET) throw new Error('STORAGE=s3 needs S3_BUCKET');
  return {
    databaseUrl: e.DATABASE_URL,
    dataDir,
    publicUrl: e.PUBLIC_URL.replace(/\/$/, ''),
    authSecret: e.AUTH_SECRET ?? installationSecret(dataDir),
    storage:
      e.STORAGE === 's3'
        ? {
            kind: 's3',
            bucket: e.S3_BUCKET ?? '',
            region: e.S3_REGION ?? 'us-east-1',
            ...(e.S3_ENDPOINT ? { endpoint: e.S3_ENDPOINT } : {}),
            ...(e.S3_ACCESS_KEY_ID ? { accessKeyId: e.S3_ACCESS_KEY_ID } : {}),
            ...(e.S3_SECRET_ACCESS_KEY ? { secretAccessKey: e.S3_SECRET_ACCESS_KEY } : {}),
          }
        : { kind: 'fs', dir: join(dataDir, 'blobs') },
    limits: {
      uploadBytes: e.MAX_UPLOAD_BYTES,
      rows: e.MAX_ROWS,
      columns: e.MAX_COLUMNS,
      maxBudgetSeconds: e.MAX_BUDGET_SECONDS,
      workspaceTrials: e.MAX_CONCURRENT_TRIALS,
      workspaceSearches: e.MAX_CONCURRENT_SEARCHES,
      trialMegabytes: e.TRIAL_MEGABYTES,
    },
    workers: { concurrency: e.WORKER_CONCURRENCY },
    training: { trainer: e.TRAINER, provider: e.ONNX_PROVIDER, tfjsBackend: e.TFJS_BACKEND },
    ...(e.EMAIL_SERVER && e.EMAIL_FROM ? { mail: { server: e.EMAIL_SERVER, from: e.EMAIL_FROM } } : {}),
    oauth: {
      ...(client(e.AUTH_GITHUB_ID, e.AUTH_GITHUB_SECRET)
        ? { github: client(e.AUTH_GITHUB_ID, e.AUTH_GITHUB_SECRET) as OAuthClient }
        : {}),
      ...(client(e.AUTH_GOOGLE_ID, e.AUTH_GOOGLE_SECRET)
        ? { google: client(e.AUTH_GOOGLE_ID, e.AUTH_GOOGLE_SECRET) as OAuthClient }
        : {}),
    },
    seedBank: e.SEED_BANK,
    logLevel: e.LOG_LEVEL,
  };
}
