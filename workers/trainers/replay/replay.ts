/**
 * Runs a receipt again: asks the strategy the same questions, trains the trials that the model is made of by their
 * recorded plans, builds the file and compares it. What differs is listed in the order in which one causes the other.
 */
import { readFile } from 'node:fs/promises';
import type { ReceiptContents } from '#core/contracts/receipt.ts';
import type { ReplayDifference, ReplayReport } from '#core/contracts/replay.ts';
import { CROSS_FIT_ROWS } from '#core/ensemble/cross-fit.ts';
import { readModelMetadata } from '#core/serve/metadata.ts';
import { codeVersion } from '../../runtime/code-version.ts';
import { cpuClass } from '../../runtime/cpu-class.ts';
import type { TrialPool } from '../../runtime/trial-pool.ts';
import { sha256 } from '../build.ts';
import type { CandidateInput } from '../provisional.ts';
import { brokenPart, type ReceiptPart } from '../receipt.ts';
import { checkAsks } from './check-asks.ts';
import { describeGraphDifference } from './compare-models.ts';
import { type DataFiles, type OpenedData, openData } from './open-data.ts';
import type { ReadReceipt } from './read-receipt.ts';
import type { RebuildInput, RebuildResult } from './rebuild.ts';
import { type Retrained, retrain } from './retrain.ts';
import { firstDifference } from './same.ts';

export interface ReplayInput {
  readonly read: ReadReceipt;
  readonly files: DataFiles;
  /** Every finished trial is trained again, not only those that the file is made of. */
  readonly all: boolean;
  /** For what is written on the way. */
  readonly folder: string;
  /** Where the rebuilt model goes. */
  readonly modelPath: string;
  readonly pool: TrialPool;
  /** Told what is being done. */
  readonly say?: (line: string) => void;
}

type Trial = ReceiptContents['trials'][number];

/** @throws DataError for tables that cannot be read */
export async function replay(input: ReplayInput): Promise<ReplayReport> {
  const began = performance.now();
  const { read, say = () => undefined } = input;
  const { receipt, contents } = read;
  const differences: ReplayDifference[] = [];
  const broken = brokenPart(receipt);
  if (broken !== null)
    differences.push({
      place: 'receipt',
      message: `The receipt was changed after it was written: the hash of ${broken} does not fit its content.`,
    });
  if (read.model && sha256(read.model) !== contents.model.sha256)
    differences.push({ place: 'receipt', message: 'The model beside the receipt is not the one that it speaks of.' });

  say(`asking ${contents.trace.strategy} again`);
  const asks = checkAsks(contents);
  differences.push(...asks.differences);

  say('reading and preparing the data');
  const data = await openData(contents, input.files, input.folder, input.pool);
  differences.push(...data.differences);

  const made = data.prepared ? await makeAgain(input, data.prepared, say) : null;
  differences.push(...(made?.differences ?? []));
  const rebuilt = made?.rebuilt ?? null;
  if (rebuilt && rebuilt.sha256 !== contents.model.sha256 && (made?.differences.length ?? 0) === 0)
    differences.push({
      place: 'model',
      message: 'The file that comes out is another one, though all its parts agree.',
    });
  return {
    schema: 'warmstart.replay/1',
    same: differences.length === 0 && rebuilt?.sha256 === contents.model.sha256,
    receipt: receipt.hash,
    model: { recorded: contents.model.sha256, rebuilt: rebuilt?.sha256 ?? null, bytes: rebuilt?.bytes ?? null },
    asks: { replayed: asks.replayed, proposals: asks.proposals, differ: asks.differ },
    trials: { retrained: made?.retrained.artifacts.size ?? 0, differ: made?.retrained.differ ?? 0 },
    differences,
    environment: compareEnvironment(contents, made?.trials ?? []),
    seconds: (performance.now() - began) / 1000,
  };
}

interface MadeAgain {
  readonly trials: readonly Trial[];
  readonly retrained: Retrained;
  readonly rebuilt: RebuildResult | null;
  readonly differences: readonly ReplayDifference[];
}

async function makeAgain(
  input: ReplayInput,
  prepared: NonNullable<OpenedData['prepared']>,
  say: (line: string) => void,
): Promise<MadeAgain> {
  const { folder, pool, modelPath } = input;
  const { contents, model } = input.read;
  const { trials, members, build, ensemble, request, scores } = contents;
  // On few rows, trials that are no members have a say in calibration and score (`crossFitBlend`).
  const whole = input.all || (scores.validation.rows < CROSS_FIT_ROWS && build.candidates.length > 1);
  const chosen = whole ? build.candidates.map(({ trial }) => trial) : members.trials;
  const needed = new Set(chosen);
  const list = trials.filter(({ number, state }) => needed.has(number) || (input.all && state === 'done'));
  const retrained = await retrain(contents, list, prepared.preparedPath, folder, pool, (done, total) =>
    say(`training again: ${done} of ${total} trials`),
  );
  const differences: ReplayDifference[] = [...retrained.differences];
  const result = (rebuilt: RebuildResult | null): MadeAgain => ({ trials: list, retrained, rebuilt, differences });
  const candidates = chosen.flatMap((number) => candidateOf(contents, number, retrained.artifacts) ?? []);
  if (candidates.length < chosen.length) {
    differences.push({ place: 'model', message: 'The file could not be built: trials that it needs are missing.' });
    return result(null);
  }
  say('building the model');
  const named = (name: string) => input.read.receipt.parts.filter((part) => part.name === name).map(bare);
  const task: RebuildInput = {
    preparedPath: prepared.preparedPath,
    testPath: prepared.testPath,
    candidates,
    weights: whole ? null : ensemble.members.map(({ weight }) => weight),
    facts: {
      target: request.target,
      metric: request.metric,
      positiveClass: request.positiveClass ?? null,
      seed: request.seed,
    },
    record: build,
    testRows: scores.test?.rows ?? null,
    parts: ['code', 'data', 'task'].flatMap(named),
    modelPath,
  };
  const outcome = await pool.run<RebuildResult>('rebuild', task, { deadline: Number.POSITIVE_INFINITY });
  if (outcome.kind !== 'done') {
    const why = outcome.kind === 'failed' ? outcome.error : outcome.kind.replaceAll('_', ' ');
    differences.push({ place: 'model', message: `The file could not be built: ${why}.` });
    return result(null);
  }
  differences.push(...(await compareModels(contents, model, outcome.value, modelPath)));
  return result(outcome.value);
}

const bare = ({ name, content }: ReceiptPart): ReceiptPart => ({ name, content });

function candidateOf(
  { trials, build }: ReceiptContents,
  number: number,
  artifacts: ReadonlyMap<number, string>,
): CandidateInput | null {
  const trial = trials.find((each) => each.number === number);
  const artifactPath = artifacts.get(number);
  const rowMs = build.candidates.find((each) => each.trial === number)?.rowMs;
  if (!trial || !artifactPath || rowMs === undefined) return null;
  const { origin, design, score } = trial;
  const learner = String(design.learner);
  return { trialId: '', number, origin, learner, summary: '', design, score: score ?? 0, rowMs, artifactPath };
}

const comparedParts = ['ensemble', 'graph', 'verification', 'scores'] as const;

async function compareModels(
  recorded: ReceiptContents,
  model: Uint8Array | null,
  rebuilt: RebuildResult,
  modelPath: string,
): Promise<ReplayDifference[]> {
  const found: ReplayDifference[] = [];
  for (const place of comparedParts) {
    const content = rebuilt.parts.find(({ name }) => name === place)?.content;
    const other = firstDifference(recorded[place], content);
    if (other) found.push({ place, message: `${other.path} was ${other.a}, now it is ${other.b}.` });
  }
  if (!model || rebuilt.sha256 === recorded.model.sha256) return found;
  const again = new Uint8Array(await readFile(modelPath));
  const graph = describeGraphDifference(model, again);
  if (graph) found.push({ place: 'graph', message: `Beside the file in the bundle, ${graph}.` });
  const other = firstDifference(readModelMetadata(model), readModelMetadata(again));
  if (other) found.push({ place: 'metadata', message: `${other.path} was ${other.a}, now it is ${other.b}.` });
  return found;
}

/** What is another here than where the receipt was written. */
function compareEnvironment({ code, machine }: ReceiptContents, trials: readonly Trial[]): string[] {
  const [engine, here] = [codeVersion(), cpuClass()];
  const lines: string[] = [];
  if (code.version !== engine.version) lines.push(`Engine version ${code.version} there, ${engine.version} here.`);
  else if (code.commit !== engine.commit) lines.push(`Engine commit ${code.commit} there, ${engine.commit} here.`);
  if (code.node !== engine.node) lines.push(`Node ${code.node} there, ${engine.node} here.`);
  const classes = new Set([machine.cpu, ...trials.flatMap(({ rerun }) => rerun?.cpu ?? [])]);
  classes.delete(here.cpu);
  for (const cpu of classes)
    lines.push(`CPU class ${cpu} there, ${here.cpu} here: equal bits are promised within one.`);
  return lines;
}
