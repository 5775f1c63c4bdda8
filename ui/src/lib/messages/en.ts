import { adapters } from './en/adapters';
import { data } from './en/data';
import { home } from './en/home';
import { method } from './en/method';
import { model } from './en/model';
import { parts } from './en/parts';
import { predictions } from './en/predictions';
import { results } from './en/results';
import { settings } from './en/settings';
import { shared } from './en/shared';
import { shell } from './en/shell';
import { training } from './en/training';

/** Every text in English, a file for each part of the window. */
export const en = {
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
