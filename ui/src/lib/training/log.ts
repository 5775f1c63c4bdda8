import type { RunEvent } from '$lib/carrier';
import { number, percent, said, score, t } from '$lib/messages';
import { metricName } from './story';

/** An event as a line of the log. */
export function lineOf(event: RunEvent, metric: string): string {
  switch (event.type) {
    case 'progress':
      return event.done !== null && event.total !== null
        ? t('training.log.progress', { what: said(event.message), done: event.done, total: event.total })
        : said(event.message);
    case 'step':
      return t('training.log.step', {
        step: event.step,
        steps: event.steps,
        loss: number(event.loss, 4),
        rate: event.learning_rate.toPrecision(3),
        speed: number(event.sequences_per_second, 1),
      });
    case 'evaluation': {
      const value = (event as unknown as Record<string, number | null>)[metric];
      return t('training.log.evaluation', {
        split: t(event.split === 'test' ? 'part.test' : 'part.validation'),
        metric: metricName(metric),
        score: score(value),
        accuracy: event.accuracy === null ? '–' : percent(event.accuracy),
      });
    }
    case 'checkpoint':
      return t(event.best ? 'training.log.best' : 'training.log.checkpoint', { step: event.step });
    case 'started':
      return t('training.log.started', {
        version: event.version,
        device: event.device,
        threads: event.threads,
      });
    case 'warning':
    case 'failed':
      return said(event.message);
    case 'paused':
      return t('training.log.paused', { step: event.step });
    case 'stopped':
      return t('training.log.stopped', { step: event.step });
    case 'finished':
      return t('training.log.finished', { step: event.step });
    case 'unknown':
      return t('training.log.unknown');
  }
}

/** The whole log as text. */
export function logText(events: RunEvent[], metric: string): string {
  return events.map((event) => `${'time' in event ? event.time : ''}\t${lineOf(event, metric)}`).join('\n');
}
