/** Entry of the command line: picks the command and turns every error into a message and an exit code. */
import { CliError, exitCodes } from './exit.ts';
import { usage } from './usage.ts';

const commands: Readonly<Record<string, () => Promise<{ main(args: string[]): Promise<number> }>>> = {
  run: () => import('./run.ts'),
  predict: () => import('./predict.ts'),
  check: () => import('./check.ts'),
  replay: () => import('./replay.ts'),
  'reset-password': () => import('./reset-password.ts'),
};

async function main(): Promise<number> {
  const [name = '', ...args] = process.argv.slice(2);
  if (['--help', '-h', 'help'].includes(name) || args.includes('--help')) {
    process.stdout.write(usage);
    return 0;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load)
    throw new CliError(
      exitCodes.usage,
      `${name ? `There is no command "${name}".` : 'A command is missing.'}\n\n${usage}`,
    );
  return (await load()).main(args);
}

/** Waits until everything written has left the process: exiting earlier would cut a pipe short. */
const flushed = (stream: NodeJS.WriteStream) => new Promise<void>((done) => stream.write('', () => done()));

async function exit(code: number): Promise<never> {
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit(code);
}

// A reader that went away (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => error.code === 'EPIPE' && process.exit(0));
try {
  await exit(await main());
} catch (error) {
  const e = error as Error & { code?: unknown };
  if (e instanceof CliError) {
    process.stderr.write(`${e.message.trimEnd()}\n`);
    await exit(e.code);
  }
  const isParseArgs = typeof e.code === 'string' && e.code.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${isParseArgs || !process.env.WARMSTART_DEBUG ? e.message : e.stack}\n`);
  await exit(isParseArgs ? exitCodes.usage : 1);
}
