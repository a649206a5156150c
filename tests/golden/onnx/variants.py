"""The same network stored in other ways that the format allows."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def typed(model):
    """Values in typed fields instead of raw bytes, float and double in turn; casts bring them back to float."""
    for i, tensor in enumerate(list(model.graph.initializer)):
        array = numpy_helper.to_array(tensor)
        kind = [TensorProto.FLOAT, TensorProto.DOUBLE][i % 2]
        name = tensor.name if kind == TensorProto.FLOAT else f'{tensor.name}.stored'
        stored = helper.make_tensor(name, kind, array.shape, array.ravel())
        model.graph.initializer[i].CopyFrom(stored)
    names = {t.name for t in model.graph.initializer}
    casts = [
        helper.make_node('Cast', [n], [n.removesuffix('.stored')], to=TensorProto.FLOAT) for n in names if n.endswith('.stored')
    ]
    for cast in sorted(casts, key=lambda c: c.input[0]):
        model.graph.node.insert(0, cast)
    return model


def half(model):
    """Weights as float16, in raw bytes for matrices and in the typed field for vectors, cast to float where they are read."""
    for i, tensor in enumerate(list(model.graph.initializer)):
        array = numpy_helper.to_array(tensor).astype(np.float16)
        name = f'{tensor.name}.half'
        model.graph.node.insert(0, helper.make_node('Cast', [name], [tensor.name], to=TensorProto.FLOAT))
        stored = helper.make_tensor(name, TensorProto.FLOAT16, array.shape, *((array.tobytes(), True) if array.ndim > 1 else (array,)))
        model.graph.initializer[i].CopyFrom(stored)
    return model


def sparse(model):
    """Matrices as sparse tensors, with places flat and by axis in turn; nothing is left out, so values stay."""
    matrices = [t for t in model.graph.initializer if len(t.dims) == 2]
    for i, tensor in enumerate(matrices):
        array = numpy_helper.to_array(tensor)
        places = np.arange(array.size, dtype=np.int64)
        if i % 2:
            places = np.stack(np.unravel_index(places, array.shape), 1)
        values = numpy_helper.from_array(array.ravel(), tensor.name)
        indices = numpy_helper.from_array(places, f'{tensor.name}.places')
        model.graph.sparse_initializer.append(helper.make_sparse_tensor(values, indices, array.shape))
        model.graph.initializer.remove(tensor)
    return model


def function(model):
    """Every dense layer as a call of a function of the model, which calls another; one attribute is the caller's."""
    domain = 'corpus'
    inner = helper.make_node('Gemm', ['a', 'w', 'b'], ['c'])
    inner.attribute.append(helper.make_attribute('transB', 1))
    reference = onnx.AttributeProto(name='alpha', ref_attr_name='factor', type=onnx.AttributeProto.FLOAT)
    inner.attribute.append(reference)
    opsets = [helper.make_opsetid('', 17), helper.make_opsetid(domain, 1)]
    dense = helper.make_function(domain, 'Dense', ['a', 'w', 'b'], ['c'], [inner], opsets, ['factor'])
    call = helper.make_node('Dense', ['a', 'w', 'b'], ['h'], domain=domain, factor=1.0)
    layer = helper.make_function(
        domain, 'Layer', ['a', 'w', 'b'], ['d'], [call, helper.make_node('Identity', ['h'], ['d'])], opsets
    )
    model.functions.extend([layer, dense])
    model.opset_import.append(helper.make_opsetid(domain, 1))
    for node in model.graph.node:
        if node.op_type == 'Gemm':
            node.op_type, node.domain = 'Layer', domain
            del node.attribute[:]
    return model
