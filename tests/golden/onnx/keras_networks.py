"""Networks of Keras 3 on its PyTorch backend; imported before anything else of Keras, which reads the backend once."""

import os

os.environ['KERAS_BACKEND'] = 'torch'
import keras  # noqa: E402
from keras import layers  # noqa: E402


def mlp():
    return keras.Sequential(
        [
            keras.Input((6,), name='x'),
            layers.Dense(12, activation='gelu'),
            layers.Dropout(0.2),
            layers.Dense(10, activation='swish'),
            layers.Dense(3, activation='softmax'),
        ]
    )


def cnn():
    return keras.Sequential(
        [
            keras.Input((12, 12, 2), name='x'),
            layers.Conv2D(6, 3, padding='same', activation='relu'),
            layers.MaxPooling2D(2),
            layers.SeparableConv2D(8, 3, activation='elu'),
            layers.GlobalAveragePooling2D(),
            layers.Dense(4),
        ]
    )


def text():
    ids = keras.Input((9,), dtype='int64', name='x')
    table = layers.Embedding(20, 6)(ids)
    convs = [layers.Conv1D(5, k, activation='relu')(table) for k in (2, 3)]
    joined = layers.Concatenate()([layers.GlobalMaxPooling1D()(c) for c in convs])
    return keras.Model(ids, layers.Dense(2, activation='sigmoid')(joined))
