import { adapters } from './zh/adapters';
import { data } from './zh/data';
import { home } from './zh/home';
import { method } from './zh/method';
import { model } from './zh/model';
import { parts } from './zh/parts';
import { predictions } from './zh/predictions';
import { results } from './zh/results';
import { settings } from './zh/settings';
import { shared } from './zh/shared';
import { shell } from './zh/shell';
import { training } from './zh/training';

/** Every text in simplified Chinese, file by file as in English. */
export const zh = {
  ...shell,
  ...parts,
  ...shared,
  ...home,
  ...data,
  ...model,
  ...method,
  ...training,
  ...results,
  ...predictions,
  ...adapters,
  ...settings,
};
