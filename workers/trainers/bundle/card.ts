/** The model card that travels in the bundle. */
import type { ModelMetadata, RunResult } from '#core/contracts/result.ts';

const number = (value: number) => String(Number(value.toPrecision(5)));

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

Predicts \`${metadata.target}\` (${metadata.task}${metadata.classes ? `, ${metadata.classes.length} classes` : ''}). One ONNX file: raw columns in, ${metadata.classes ? 'label and probabilities' : 'a value'} out; imputation, encoding, scaling and the whole ensemble are inside.

## Scores (${result.metric.name}, ${result.metric.direction === 'maximize' ? 'higher' : 'lower'} is better)

| part | value | 95 % interval | rows |
| --- | --- | --- | --- |
${score('validation (out of fold)', result.scores.validation)}${score('test (sealed, read once)', result.scores.test)}
${random}

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
