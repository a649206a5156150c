/** The model card that travels in the bundle. */
import type { ModelMetadata, RunResult } from '#core/contracts/result.ts';

const number = (value: number) => String(Number(value.toPrecision(5)));

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

const dependsOn = {
  even: 'is the same for every row',
  by_value: 'depends on the predicted value',
  by_row: 'depends on the predicted value and the row',
};

const outputs = ({ classes, conformal }: ModelMetadata) =>
  classes ? 'label and probabilities' : conformal?.method ? 'a value with its interval' : 'a value';

/** Intervals or prediction sets, and how often they held the truth in the test. */
function certainty({ conformal }: ModelMetadata): string {
  if (!conformal) return '';
  const { level, method, threshold, coverage } = conformal;
  const held = coverage
    ? ` On the sealed test they held ${percent(coverage.value)} (95 % interval ${percent(coverage.low)} to ${percent(coverage.high)}, ${coverage.rows} rows).`
    : '';
  const what = method
    ? `Intervals: \`value_lower\` to \`value_upper\` are made to hold ${percent(level)} of new values; their width ${dependsOn[method]}.`
    : `Prediction sets: the classes with a probability of at least ${number(threshold ?? 0)} are made to hold the right one in ${percent(level)} of new rows. Abstain where that is no class, or more than one.`;
  return `\n## Certainty\n\n${what}${held} Fitted on out-of-fold predictions (conformal prediction); the promise is for rows that come as the training rows came.\n`;
}

/** Markdown; data values appear only where the file itself holds them (classes and categories). */
export function modelCard(name: string, metadata: ModelMetadata, result: RunResult): string {
  const score = (label: string, s: { value: number; low: number; high: number; rows: number } | null) =>
    s ? `| ${label} | ${number(s.value)} | ${number(s.low)} to ${number(s.high)} | ${s.rows} |\n` : '';
  const members = (result.model?.members ?? []).map(
    (member) => `- ${(100 * member.weight).toFixed(1)} %: ${member.design || member.learner}`,
  );
  const checks = result.verification.map(
    (v) =>
      `| ${v.runtime} | ${v.rows} | ${v.maxAbsDiff.toExponential(1)} | ${v.labelFlips} | ${v.pass ? 'agrees' : 'differs'} |`,
  );
  const columns = metadata.columns.map((column) => {
    const range =
      typeof column.min === 'number' && typeof column.max === 'number'
        ? `${number(column.min)} to ${number(column.max)}`
        : '';
    const values = column.categories ? `${column.categories.length} known values` : range;
    return `| \`${column.input.replaceAll('|', '\\|')}\` | ${column.type} | ${column.tensor} | ${values} |`;
  });
  const random = result.random
    ? `Against the best design drawn at random from the same space (${number(result.random.value)}): **${result.random.verdict}**.`
    : 'No random design finished, so there is no comparison with chance.';
  return `# ${name}

Predicts \`${metadata.target}\` (${metadata.task}${metadata.classes ? `, ${metadata.classes.length} classes` : ''}). One ONNX file: raw columns in, ${outputs(metadata)} out; imputation, encoding, scaling and the whole ensemble are inside.

## Scores (${result.metric.name}, ${result.metric.direction === 'maximize' ? 'higher' : 'lower'} is better)

| part | value | 95 % interval | rows |
| --- | --- | --- | --- |
${score('validation (out of fold)', result.scores.validation)}${score('test (sealed, read once)', result.scores.test)}
${random}
${certainty(metadata)}
## Members

${members.join('\n')}

## Inputs, one tensor [N,1] per column

| input | type | tensor | values |
| --- | --- | --- | --- |
${columns.join('\n')}

Missing is NaN in numbers and the empty string in text. Unseen text is handled like rare text.

## Runtimes that agree with the trainer on the golden rows

| runtime | rows | max difference | label flips | |
| --- | --- | --- | --- | --- |
${checks.join('\n')}

## Use with care

The scores speak of rows like the ones it was trained on. It learned associations, not causes. Check it again when the data change.
`;
}
