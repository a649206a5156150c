/** Types and shapes of every value of a graph, as far as they are known before it runs. */
import type { Graph, Model } from '../model.ts';
import { elementwiseRules } from './elementwise-rules.ts';
import { type Inferred, UNKNOWN } from './inferred.ts';
import { layoutRules } from './layout-rules.ts';
import { modelRules, ofTensor } from './model-rules.ts';
import { productRules } from './product-rules.ts';
import { type Problem, RuleNode, RuleStopped, type Schema } from './rule.ts';

const schemas: ReadonlyMap<string, Schema> = new Map([
  ...elementwiseRules,
  ...layoutRules,
  ...productRules,
  ...modelRules,
]);

/** The schema of an operator that is known here. */
export const schemaOf = (op: string): Schema | undefined => schemas.get(op);

export interface Inference {
  /** By the value's name, those in subgraphs too. */
  readonly values: ReadonlyMap<string, Inferred>;
  /** What does not fit together. */
  readonly problems: readonly Problem[];
}

/**
 * Follows the graph in file order. Named sizes stay names where nothing changes them. Operators without a rule give
 * values of which nothing is known; a node that does not fit is a problem and gives such values too.
 */
export function inferShapes({ graph, opsets }: Pick<Model, 'graph' | 'opsets'>): Inference {
  const values = new Map<string, Inferred>();
  const problems: Problem[] = [];

  function follow(inner: Graph, inputs: readonly Inferred[] | null): Inferred[] {
    for (const [name, tensor] of inner.initializers) values.set(name, ofTensor(tensor));
    inner.inputs.forEach((input, i) => {
      if (!inner.initializers.has(input.name)) values.set(input.name, refine(inputs?.[i] ?? UNKNOWN, input));
    });
    for (const node of inner.nodes) {
      const rule = schemas.get(node.op)?.rule;
      let outputs: readonly Inferred[] = [];
      try {
        const subgraph = (attribute: string, given: readonly Inferred[]): Inferred[] => {
          const body = node.attributes[attribute];
          return body?.kind === 'graph' ? follow(body.value, given) : [];
        };
        const value = (name: string): Inferred => values.get(name) ?? UNKNOWN;
        const reader = new RuleNode(node, opsets[node.domain] ?? 0, value, (p) => problems.push(p), subgraph);
        outputs = rule?.(reader) ?? [];
      } catch (error) {
        if (!(error instanceof RuleStopped)) throw error;
      }
      node.outputs.forEach((name, i) => {
        if (name !== '') values.set(name, outputs[i] ?? UNKNOWN);
      });
    }
    return inner.outputs.map(({ name }) => values.get(name) ?? UNKNOWN);
  }

  follow(graph, null);
  return { values, problems };
}

/** What was found, with the declared type and sizes where nothing was. */
function refine(found: Inferred, declared: Inferred): Inferred {
  const { dims } = declared;
  return {
    type: found.type ?? declared.type,
    dims:
      found.dims && dims?.length === found.dims.length ? found.dims.map((d, i) => d ?? dims[i]!) : (found.dims ?? dims),
    ...(found.elements ? { elements: found.elements } : {}),
  };
}
