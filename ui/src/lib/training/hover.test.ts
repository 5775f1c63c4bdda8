import { expect, it } from 'vitest';
import type { DrawnFigure } from '$lib/carrier';
import { finest, nearest, under } from './hover';

const curve: DrawnFigure = {
  name: 'loss',
  title: '',
  caption: '',
  x_label: '',
  y_label: '',
  svg: '',
  width: 100,
  height: 50,
  series: [
    { name: 'few', points: [[1, 0.5, 50, 20]] },
    {
      name: 'many',
      points: [
        [0, 1, 0, 0],
        [1, 0.6, 50, 10],
        [2, 0.2, 100, 40],
      ],
    },
    { name: 'none', points: [] },
  ],
};

it('the nearest point of each line is under the pointer', () => {
  expect(under(curve, 90)).toEqual([
    { name: 'few', x: 1, y: 0.5, left: 50, top: 20 },
    { name: 'many', x: 2, y: 0.2, left: 100, top: 40 },
  ]);
  expect([0, 24, 26, 74, 76, 500].map((left) => nearest(curve.series[1]!, left))).toEqual([0, 0, 1, 1, 2, 2]);
  expect(finest(curve)?.name).toBe('many');
});
