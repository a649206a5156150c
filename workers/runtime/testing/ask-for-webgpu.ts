/** Asks for WebGPU in a process of its own, since drivers are looked up once and by its environment. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { GpuFindings } from './gpu-child.ts';

export function askForWebGpu(env: Readonly<Record<string, string>>): Promise<GpuFindings> {
  const entry = fileURLToPath(new URL('./gpu-child.ts', import.meta.url));
  const child = fork(entry, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  return new Promise((done, fail) => {
    child.once('message', (message) => done(message as GpuFindings));
    child.once('exit', (code, signal) => fail(new Error(`The child ended by ${signal ?? code}: ${said}`)));
  });
}
