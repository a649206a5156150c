/** A process that trains what it is told to: with a task as its argument one, then it ends; else one message after the other. */
import { type Control, roundsPerSecond } from './control.ts';
import { type TrialTask, trainTrials } from './trial.ts';

export interface ControlTask {
  readonly control: Control;
  readonly seconds: number;
}

const doTask = (task: TrialTask | ControlTask) =>
  'control' in task ? roundsPerSecond(task.control, task.seconds) : trainTrials(task, process.cpuUsage());

const [given] = process.argv.slice(2);
if (given === undefined) {
  process.on('message', async (task: TrialTask | ControlTask) => process.send!(await doTask(task)));
  process.on('disconnect', () => process.exit(0));
  process.send!('ready');
} else {
  const result = await trainTrials(JSON.parse(given) as TrialTask);
  process.send!(result, () => process.exit(0));
}
