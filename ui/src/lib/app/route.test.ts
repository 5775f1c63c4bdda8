import { describe, expect, it } from 'vitest';
import { href, parseRoute } from './route.svelte';

describe('a route', () => {
  it('comes back from its address', () => {
    const address = href('train', { run: '/home/me/runs/promoter & co' });
    expect(parseRoute(address)).toEqual({ screen: 'train', values: { run: '/home/me/runs/promoter & co' } });
  });

  it('leads home when it is unknown', () => {
    expect(parseRoute('#/nowhere?x=1').screen).toBe('home');
    expect(parseRoute('').screen).toBe('home');
  });
});
