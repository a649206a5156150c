#!/usr/bin/env node
// The command line: `npx warmstart run|predict|check|reset-password …`. Runs on any Node from 18 on and goes on with the pinned one.
import { ensureInstalled, runPinned } from './infra/dev/bootstrap.mjs';

// The budget of a run counts from here.
process.env.WARMSTART_STARTED = String(Date.now());
ensureInstalled();
const child = runPinned('infra/cli/main.ts', process.argv.slice(2));
// Somebody may send the signal to this process alone; the command takes two in a row for one.
process.on('SIGINT', () => child.kill('SIGINT'));
