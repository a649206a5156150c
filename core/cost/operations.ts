/** A network taken apart: each operator by itself, so that its price can be measured once and looked up. */
import { bindNetwork, type Network, NetworkBuilder } from '../ir/network.ts';
import { sizes } from '../ir/shape.ts';

export interface Operation {
  /** Operator, shapes and attributes: what its time depends on. */
  readonly key: string;
  readonly op: string;
  /** The operator alone: reads inputs `x0`, `x1` … and writes `y`; what were parameters are parameters. */
  readonly network: () => Network;
}

/**
 * The operators that `outputs` need, in order.
 * @param rows of a batch
 */
export function operationsOf(network: Network, rows: number, outputs: readonly string[]): Operation[] {
  const bound = bindNetwork(network, { K: 1, N: rows });
  const parameters = new Map(bound.parameters.map((parameter) => [parameter.value.id, parameter]));
  const needed = new Set(outputs.map((name) => bound.outputs[name]!.id));
  const used = bound.applications.toReversed().filter(({ inputs, output }) => {
    if (!needed.has(output)) return false;
    for (const id of inputs) needed.add(id);
    return true;
  });
  return used.toReversed().map(({ op, inputs, attributes }) => {
    const shapes = inputs.map((id) => sizes(bound.values[id]!.shape));
    const kinds = inputs.map((id) => (parameters.has(id) ? 'p' : 'x'));
    const alone = (): Network => {
      const net = new NetworkBuilder();
      const read = inputs.map((id, i) => {
        const parameter = parameters.get(id);
        if (parameter) return net.parameter(`p${i}`, shapes[i]!, parameter.init);
        return net.input(`x${i}`, shapes[i]!, bound.values[id]!.type);
      });
      net.output('y', net.apply(op, read, attributes));
      return net.build();
    };
    const texts = shapes.map((shape, i) => `${kinds[i]}${shape.slice(1).join('x')}`);
    return { key: `${op} ${texts.join(' ')} ${JSON.stringify(attributes)}`, op, network: alone };
  });
}
