/** A drawing of the exported graph: members as blocks, not single operators. */
import type { GraphOutline } from '#core/contracts/views.ts';
import type { ServiceContext } from '../context.ts';
import { loadModel, type ModelRowData } from './load.ts';

const shownInputs = 12;

/** Built from the file's own description and the search's result; the weights are not read. */
export function outlineOf(model: Pick<ModelRowData, 'metadata' | 'result'>): GraphOutline {
  const { columns, classes, target } = model.metadata;
  const members = model.result.model?.members ?? [];
  const nodes: GraphOutline['nodes'][number][] = [];
  const edges: GraphOutline['edges'][number][] = [];
  const shown = columns.length > shownInputs ? columns.slice(0, shownInputs - 1) : columns;
  for (const [i, column] of shown.entries()) {
    nodes.push({ id: `in${i}`, label: column.name, kind: 'input', detail: `${column.type} · ${column.tensor} [N,1]` });
    edges.push({ from: `in${i}`, to: 'prepare' });
  }
  if (shown.length < columns.length) {
    const rest = columns.length - shown.length;
    nodes.push({
      id: 'rest',
      label: `${rest} more columns`,
      kind: 'input',
      detail: columns
        .slice(shown.length)
        .map((c) => c.name)
        .join(', ')
        .slice(0, 500),
    });
    edges.push({ from: 'rest', to: 'prepare' });
  }
  nodes.push({
    id: 'prepare',
    label: 'Preparation',
    kind: 'prepare',
    detail: 'missing values, categories, dates and scaling',
  });
  for (const [i, member] of members.entries()) {
    nodes.push({ id: `m${i}`, label: member.learner, kind: 'member', detail: member.design });
    edges.push({ from: 'prepare', to: `m${i}` });
    edges.push({
      from: `m${i}`,
      to: 'combine',
      label: `${(100 * member.weight).toFixed(member.weight < 0.1 ? 1 : 0)} %`,
    });
  }
  nodes.push({
    id: 'combine',
    label: members.length > 1 ? 'Weighted average' : 'Average of folds',
    kind: 'combine',
    detail: `${members.length} member${members.length === 1 ? '' : 's'}`,
  });
  if (classes) {
    nodes.push({ id: 'out0', label: 'label', kind: 'output', detail: `string [N] · ${target}` });
    nodes.push({
      id: 'out1',
      label: 'probabilities',
      kind: 'output',
      detail: `float32 [N,${classes.length}] · ${classes.slice(0, 10).join(', ')}${classes.length > 10 ? ', …' : ''}`,
    });
    edges.push({ from: 'combine', to: 'out0' }, { from: 'combine', to: 'out1' });
  } else {
    nodes.push({ id: 'out0', label: 'value', kind: 'output', detail: `float32 [N,1] · ${target}` });
    edges.push({ from: 'combine', to: 'out0' });
  }
  return { nodes, edges };
}

export async function outlineModel(ctx: ServiceContext, input: { id: string }): Promise<GraphOutline> {
  const { model } = await loadModel(ctx, 'model.read', input.id);
  return outlineOf(model);
}
