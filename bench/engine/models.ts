/** The models that training engines are compared on, by name. */
import { cnn, depthwise, resnet8, unet, vit } from './image-models.ts';
import type { BenchModel } from './model.ts';
import { attention, gcn, lstm, mlp } from './sequence-models.ts';

export const benchModels: Readonly<Record<string, () => BenchModel>> = {
  mlp,
  cnn,
  depthwise,
  lstm,
  attention,
  gcn,
  resnet8,
  unet,
  vit,
};
