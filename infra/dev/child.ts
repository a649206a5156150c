/** A long-running child process that is started again when it dies. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface ServiceOptions {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly logFile: string;
  /** Called with the new process id after each start. */
  readonly onStart: (pid: number) => void;
  readonly say: (line: string) => void;
}

export class Service {
  private readonly options: ServiceOptions;
  private child: ChildProcess | undefined;
  private stopping = false;
  private quickDeaths = 0;

  constructor(options: ServiceOptions) {
    this.options = options;
    mkdirSync(dirname(options.logFile), { recursive: true });
  }

  start(): void {
    const { name, args, env, cwd, logFile, onStart, say } = this.options;
    const log = openSync(logFile, 'a');
    const startedAt = Date.now();
    // In a process group of its own: Ctrl-C reaches the supervisor alone, which then stops all in order.
    const child = spawn(process.execPath, args, {
      cwd,
      env: env as NodeJS.ProcessEnv,
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    this.child = child;
    if (child.pid) onStart(child.pid);
    child.on('exit', (code, signal) => {
      if (this.stopping) return;
      this.quickDeaths = Date.now() - startedAt < 5000 ? this.quickDeaths + 1 : 0;
      say(
        `The ${name} ended (${signal ?? `exit code ${code}`}); starting it again.${this.quickDeaths > 1 ? ` The end of ${logFile}:\n${this.tail()}` : ''}`,
      );
      setTimeout(() => !this.stopping && this.start(), Math.min(10_000, 200 * 2 ** this.quickDeaths));
    });
  }

  /** The last lines of the log. */
  tail(lines = 12): string {
    return readFileSync(this.options.logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  }

  /** Asks the process to end, and after `seconds` kills it with all its children. */
  async stop(seconds = 8): Promise<void> {
    this.stopping = true;
    const child = this.child;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.pid && process.kill(-child.pid, 'SIGKILL'), seconds * 1000);
    await ended;
    clearTimeout(timer);
  }
}
