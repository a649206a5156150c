"""Writes the corpus: `python make.py [name ...]`. See ORIGIN.md for the versions it was made with.

Per case NAME.onnx and NAME.json: inputs, outputs and gradients of sum(output * seed), computed by PyTorch in float64.
A gradient is stored for every initialiser that holds a parameter, in the layout of the file: parameters are found in it
by their values, also where the exporter transposed them, reordered the gates of a recurrent layer or folded a
normalisation into a convolution.
"""

import base64
import copy
import io
import json
import logging
import os
import sys
import tempfile
import warnings

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

import keras_networks as k
import networks as n
import variants

HERE = os.path.dirname(os.path.abspath(__file__))
BATCH = 3


def floats(*shape):
    return torch.randn(*shape)


def adjacency(count):
    a = (torch.rand(count, count) < 0.4).float()
    a = ((a + a.t() + torch.eye(count)) > 0).float()
    d = a.sum(1).rsqrt()
    return d[:, None] * a * d[None, :]


def ids(high, *shape):
    return torch.randint(0, high, shape)


def rows(*shape):
    return lambda b: [floats(b, *shape)]


# name: (module, inputs of a batch, exporter, options)
CASES = {
    'mlp': (n.Mlp, rows(6), 'legacy', {}),
    'mlp-dynamo': (n.Mlp, rows(6), 'dynamo', {}),
    'mlp-typed': (n.Mlp, rows(6), 'legacy', {'after': variants.typed}),
    'mlp-half': (n.Mlp, rows(6), 'legacy', {'after': variants.half, 'half': True}),
    'mlp-sparse': (n.Mlp, rows(6), 'legacy', {'after': variants.sparse}),
    'mlp-function': (n.Mlp, rows(6), 'legacy', {'after': variants.function}),
    'mlp-norm': (n.NormMlp, rows(6), 'legacy', {'training': True}),
    'cnn': (n.Cnn, rows(1, 12, 12), 'legacy', {}),
    'cnn-bn-folded': (n.BnCnn, rows(2, 8, 8), 'legacy', {}),
    'cnn-bn': (n.BnCnn, rows(2, 8, 8), 'legacy', {'training': True, 'preserve': True}),
    'resnet8': (n.ResNet8, rows(3, 16, 16), 'legacy', {'training': True, 'preserve': True}),
    'resnet8-dynamo': (n.ResNet8, rows(3, 16, 16), 'dynamo', {}),
    'mobilenet': (n.MobileNet, rows(3, 12, 12), 'legacy', {}),
    'unet': (n.UNet, rows(1, 16, 16), 'legacy', {}),
    'upsample': (n.UpsampleNet, rows(2, 4, 4), 'legacy', {}),
    'lstm': (n.Lstm, rows(7, 4), 'legacy', {}),
    'lstm-deep': (n.DeepLstm, lambda b: [floats(5, b, 4)], 'legacy', {'axis': 1}),
    'gru': (n.Gru, rows(6, 4), 'legacy', {}),
    'gru-dynamo': (n.Gru, rows(6, 4), 'dynamo', {}),
    'attention': (n.Attention, rows(5, 8), 'legacy', {}),
    'transformer': (n.Transformer, rows(5, 8), 'dynamo', {}),
    'vit': (n.Vit, rows(3, 16, 16), 'legacy', {}),
    'vit-dynamo': (n.Vit, rows(3, 16, 16), 'dynamo', {}),
    'convnext': (n.ConvNext, rows(3, 16, 16), 'legacy', {}),
    'convnext-dynamo': (n.ConvNext, rows(3, 16, 16), 'dynamo', {}),
    'gcn': (n.Gcn, lambda b: [floats(9, 7), adjacency(9)], 'legacy', {'axis': None}),
    'gcn-edges': (n.EdgeGcn, lambda b: [floats(9, 5), ids(9, 20), ids(9, 20)], 'legacy', {'axis': None}),
    'gat': (n.Gat, rows(9, 5), 'legacy', {}),
    'text-cnn': (n.TextCnn, lambda b: [ids(20, b, 9)], 'legacy', {}),
    'text-transformer': (n.TextTransformer, lambda b: [ids(15, b, 6)], 'legacy', {'fold': False}),
    'attention-fixed': (n.Attention, rows(5, 8), 'dynamo', {'fixed': True}),
    'transformer-fixed': (n.Transformer, rows(5, 8), 'legacy', {'fixed': True}),
    'cnn-fixed': (n.Cnn, rows(1, 12, 12), 'legacy', {'fixed': True}),
    'vit-fixed': (n.Vit, rows(3, 16, 16), 'legacy', {'fixed': True}),
    'vit-fixed-dynamo': (n.Vit, rows(3, 16, 16), 'dynamo', {'fixed': True}),
    'gru-fixed': (n.Gru, rows(6, 4), 'legacy', {'fixed': True}),
    'window-attention-fixed': (n.WindowAttention, rows(3, 8, 8), 'dynamo', {'fixed': True}),
    'keras-mlp': (k.mlp, rows(6), 'keras', {}),
    'keras-cnn': (k.cnn, rows(12, 12, 2), 'keras', {}),
    'keras-text': (k.text, lambda b: [ids(20, b, 9)], 'keras', {}),
    'text-transformer-23': (lambda: n.TextTransformer(tied=False), lambda b: [ids(15, b, 6)], 'dynamo', {'opset': 23}),
    'cnn-11': (n.Cnn, rows(1, 12, 12), 'legacy', {'opset': 11}),
    'mixer-11': (n.Mixer, rows(6, 8), 'legacy', {'opset': 11}),
    'gru-9': (n.Gru, rows(6, 4), 'legacy', {'opset': 9}),
    'tcn': (n.Tcn, rows(3, 12), 'legacy', {}),
    'mixer': (n.Mixer, rows(6, 8), 'legacy', {}),
    'autoencoder': (n.AutoEncoder, rows(2, 12), 'legacy', {}),
    'group-norm': (n.GroupNormNet, rows(3, 8, 8), 'legacy', {}),
    'conv3d': (n.Conv3d, rows(1, 4, 10, 10), 'legacy', {}),
    'forecaster': (n.PatchForecaster, rows(24, 2), 'legacy', {}),
    'window-attention': (n.WindowAttention, rows(3, 8, 8), 'legacy', {'fold': False}),
}


def randomise(module):
    """Distinct values everywhere, so that a parameter can be found by its values; no weight stays at its start."""
    with torch.no_grad():
        for p in module.parameters():
            # Keras keeps the state of its random numbers as a parameter.
            if p.is_floating_point():
                p.add_(0.1 * torch.randn_like(p))
        for name, b in module.named_buffers():
            if name.endswith('running_mean'):
                b.copy_(0.3 * torch.randn_like(b))
            elif name.endswith('running_var'):
                b.copy_(0.5 + torch.rand_like(b))


def export(module, inputs, exporter, options):
    target = io.BytesIO()
    names = [f'x{i}' for i in range(len(inputs))] if len(inputs) > 1 else ['x']
    axis = options.get('axis', 0)
    if options.get('fixed'):
        axis = None
    if exporter == 'keras':
        module(*inputs)
        path = os.path.join(tempfile.mkdtemp(), 'model.onnx')
        module.export(path, format='onnx', verbose=False)
        return renamed(onnx.load(path)), names
    if exporter == 'legacy':
        dynamic = {name: {axis: 'N'} for name in names} if axis is not None else None
        preserve = options.get('preserve')
        torch.onnx.export(
            module, tuple(inputs), target, dynamo=False, opset_version=options.get('opset', 17), input_names=names, output_names=['y'],
            dynamic_axes=dynamic,
            training=torch.onnx.TrainingMode.PRESERVE if preserve else torch.onnx.TrainingMode.EVAL,
            do_constant_folding=options.get('fold', not preserve),
        )
        return onnx.load_from_string(target.getvalue()), names
    shapes = tuple({axis: torch.export.Dim('N', min=2, max=64)} for _ in inputs) if axis is not None else None
    program = torch.onnx.export(
        module, tuple(inputs), dynamo=True, input_names=names, output_names=['y'], dynamic_shapes=shapes, verbose=False,
        opset_version=options.get('opset'),
    )
    return program.model_proto, names


def renamed(model):
    """The model with its input called x and its output y, as those of the other exporters."""
    names = {model.graph.input[0].name: 'x', model.graph.output[0].name: 'y'}
    for value in [model.graph.input[0], model.graph.output[0]]:
        value.name = names[value.name]
    for node in model.graph.node:
        for list_ in (node.input, node.output):
            list_[:] = [names.get(name, name) for name in list_]
    return model


def flat(gradient):
    return base64.b64encode(np.ascontiguousarray(gradient, dtype=np.float32).tobytes()).decode()


def stored(tensor):
    array = tensor.detach().numpy()
    if array.dtype == np.int64:
        return {'dims': list(array.shape), 'ints': array.ravel().tolist()}
    return {'dims': list(array.shape), 'floats': flat(array)}


def gates(order):
    return lambda p: torch.cat([p.chunk(len(order))[i] for i in order])


def candidates(module):
    """(value, gradient) of everything that an exporter may have made of a parameter."""
    for name, p in module.named_parameters():
        if p.grad is None:
            continue
        p.label = name
        yield name, p, p.grad
        if p.ndim == 2:
            yield name, p.t(), p.grad.t()
        # Kernels that Keras keeps with their filters last, or by channel.
        for perm in [(3, 2, 0, 1), (2, 3, 0, 1)] if p.ndim == 4 else [(2, 1, 0)] if p.ndim == 3 else []:
            yield name, p.permute(perm), p.grad.permute(perm)
    for prefix, m in module.named_modules():
        if isinstance(m, (nn.LSTM, nn.GRU)):
            turn = gates([0, 3, 1, 2] if isinstance(m, nn.LSTM) else [1, 0, 2])
            ends = ['', '_reverse'] if m.bidirectional else ['']
            for layer in range(m.num_layers):
                for kind in ('weight_ih', 'weight_hh'):
                    ps = [getattr(m, f'{kind}_l{layer}{end}') for end in ends]
                    yield f'{prefix}.{kind}_l{layer}', torch.stack([turn(p) for p in ps]), torch.stack([turn(p.grad) for p in ps])
                both = [[getattr(m, f'bias_{k}_l{layer}{end}') for k in ('ih', 'hh')] for end in ends]
                join = lambda of: torch.stack([torch.cat([turn(of(p)) for p in ps]) for ps in both])
                yield f'{prefix}.bias_l{layer}', join(lambda p: p), join(lambda p: p.grad)
    convs = [m for m in module.modules() if isinstance(m, nn.Conv2d)]
    for norm in [m for m in module.modules() if isinstance(m, nn.BatchNorm2d)]:
        factor = norm.weight / (norm.running_var + norm.eps).sqrt()
        for conv in [c for c in convs if c.out_channels == norm.num_features]:
            each = factor.reshape(-1, 1, 1, 1)
            yield f'{conv.weight.label} folded', conv.weight * each, conv.weight.grad / each
            offset = 0 if conv.bias is None else conv.bias
            yield f'{norm.bias.label} folded', norm.bias + (offset - norm.running_mean) * factor, norm.bias.grad


def expectations(module, inputs, seed, training):
    # Keras computes in float32 whatever it is given.
    is_keras = not type(module).__module__.startswith('networks')
    module = copy.deepcopy(module) if is_keras else copy.deepcopy(module).double()
    module.train(training)
    for m in module.modules():
        if isinstance(m, nn.Dropout):
            m.p = 0
    module.zero_grad()
    doubles = [(x.clone() if is_keras else x.double()).requires_grad_() if x.is_floating_point() else x for x in inputs]
    y = module(*doubles, training=False) if is_keras else module(*doubles)
    seed = torch.randn(y.shape, generator=torch.Generator().manual_seed(3)) if seed is None else seed
    (y * seed).sum().backward()
    return module, doubles, y, seed


def match(model, module, buffers):
    """Name of every initialiser that holds a parameter -> its gradient in the file's layout."""
    found, used = {}, set()
    options = list(candidates(module))
    for tensor in [*model.graph.initializer, *(s.values for s in model.graph.sparse_initializer)]:
        value = torch.from_numpy(numpy_helper.to_array(tensor).copy())
        if not value.is_floating_point():
            continue
        for name, p, gradient in options:
            if p.numel() == value.numel() and torch.allclose(p.reshape(value.shape).float(), value.float(), rtol=1e-5, atol=1e-6):
                found[tensor.name] = gradient
                used.add(name)
                break
        else:
            known = any(b.shape == value.shape and torch.allclose(b.float(), value, atol=1e-6) for b in buffers)
            if value.ndim > 0 and not known:
                print(f'    {tensor.name} {tuple(value.shape)} is no parameter')
    return found


def make(name):
    make_module, make_inputs, exporter, options = CASES[name]
    torch.manual_seed(sum(map(ord, name)))
    module = make_module()
    randomise(module)
    if options.get('half'):
        module.half().float()
    module.eval()
    # Exported with one number of rows and checked with another: a baked-in size shows.
    model, names = export(module, make_inputs(1 if options.get('fixed') else 2), exporter, options)
    for node in model.graph.node:
        node.doc_string = ''
        del node.metadata_props[:]
    del model.graph.value_info[:]
    if exporter == 'dynamo':
        del model.graph.metadata_props[:]
        for value in [*model.graph.input, *model.graph.output]:
            del value.metadata_props[:]
    if 'after' in options:
        model = options['after'](model)
    onnx.checker.check_model(model)
    inputs = make_inputs(BATCH)
    data = {'exporter': exporter, 'openRows': options.get('fixed', False), 'inputs': {k: stored(x) for k, x in zip(names, inputs)}}
    seed = None
    for mode in ['eval', *(['train'] if options.get('training') else [])]:
        twin, doubles, y, seed = expectations(module, inputs, seed, mode == 'train')
        found = match(model, twin, list(module.buffers()))
        data['seed'] = stored(seed)
        data[mode] = {
            'output': stored(y),
            'inputGradients': {k: flat(x.grad.numpy()) for k, x in zip(names, doubles) if x.is_floating_point()},
            'gradients': {k: flat(g.detach().numpy()) for k, g in found.items()},
        }
    onnx.save(model, os.path.join(HERE, f'{name}.onnx'))
    with open(os.path.join(HERE, f'{name}.json'), 'w') as f:
        json.dump(data, f, indent=1)
        f.write('\n')
    ops = sorted({node.op_type for node in model.graph.node})
    print(f'{name}: {len(model.graph.node)} nodes, {len(data["eval"]["gradients"])} parameters, {" ".join(ops)}')


if __name__ == '__main__':
    warnings.filterwarnings('ignore')
    logging.disable(logging.WARNING)
    for case in sys.argv[1:] or CASES:
        try:
            make(case)
        except Exception as error:
            print(f'{case} FAILED: {type(error).__name__}: {str(error)[:300]}')
