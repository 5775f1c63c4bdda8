import type { RunEvent } from '$lib/carrier';
import { fileName, language, number, percent, said, score, t, textOf } from '$lib/messages';
import { metricOf, type Evaluation } from './course';

/** Something that happened, in a sentence. */
export interface Sentence {
  time: string;
  tone: 'plain' | 'fine' | 'look' | 'fix';
  text: string;
}

/** A metric's name. */
export function metricName(metric: string): string {
  return textOf(`metric.${metric}`) ?? metric.toUpperCase();
}

/** Epochs done: whole ones as such. */
export function epochs(epoch: number): string {
  return number(epoch, 1);
}

/** What happened in a run that is worth a sentence, in its order. Steps and checkpoints are not; the log has them. */
export function story(events: RunEvent[], metric: string): Sentence[] {
  const told: Sentence[] = [];
  let best: Evaluation | undefined;
  for (const event of events) {
    const sentence = sentenceOf(event, metric, best, events);
    if (sentence) told.push(sentence);
    if (event.type === 'evaluation' && event.split !== 'test' && event.best) best = event;
  }
  return told;
}

function sentenceOf(
  event: RunEvent,
  metric: string,
  best: Evaluation | undefined,
  events: RunEvent[],
): Sentence | undefined {
  switch (event.type) {
    case 'started':
      return event.resumed_at > 0
        ? plain(event.time, t('training.story.resumed', { step: event.resumed_at }))
        : plain(event.time, startedText(event));
    case 'evaluation':
      return event.split === 'test'
        ? { time: event.time, tone: 'fine', text: testText(event, metric) }
        : plain(event.time, validationText(event, metric, best));
    case 'warning':
      return { time: event.time, tone: 'look', text: warningText(event) };
    case 'paused':
      return plain(event.time, t('training.story.paused', { step: event.step }));
    case 'stopped':
      return plain(
        event.time,
        t(event.adapter ? 'training.story.stopped' : 'training.story.stopped.early', { step: event.step }),
      );
    case 'failed':
      return { time: event.time, tone: 'fix', text: said(event.message) };
    case 'finished': {
      const kept = events.find(
        (one): one is Evaluation =>
          one.type === 'evaluation' && one.split !== 'test' && one.step === event.best_step,
      );
      const epoch = epochs(kept?.epoch ?? event.epoch);
      const text =
        event.ended_early === null
          ? Math.abs(event.epoch - Math.round(event.epoch)) < 0.01 && event.epoch >= 1
            ? t('training.story.finished', { count: Math.round(event.epoch), epoch })
            : t('training.story.steps', { count: event.step, epoch })
          : event.on_request
            ? t('training.story.judged', { step: event.step, epoch })
            : t('training.story.early', { epoch });
      return { time: event.time, tone: 'fine', text };
    }
    default:
      return undefined;
  }
}

const plain = (time: string, text: string): Sentence => ({ time, tone: 'plain', text });

function startedText(event: Extract<RunEvent, { type: 'started' }>): string {
  return t('training.story.started', {
    base: fileName(event.base),
    method: textOf(`method.${event.method}.title`) ?? event.method,
    trainable: event.trainable_parameters,
    all: event.all_parameters,
    percent: percent(event.trainable_percent / 100, 2),
    train: event.records.train,
    validation: event.records.validation,
    test: event.records.test,
  });
}

function validationText(event: Evaluation, metric: string, best: Evaluation | undefined): string {
  const values = {
    epoch: epochs(event.epoch),
    metric: metricName(metric),
    score: score(metricOf(event, metric)),
  };
  if (event.best || !best) return t('training.story.best', values);
  return t('training.story.notbest', {
    ...values,
    best: score(metricOf(best, metric)),
    kept: epochs(best.epoch),
  });
}

function testText(event: Evaluation, metric: string): string {
  return t('training.story.test', {
    count: event.records,
    metric: metricName(metric),
    score: score(metricOf(event, metric)),
  });
}

function warningText(event: Extract<RunEvent, { type: 'warning' }>): string {
  const text = said(event.message);
  if (text !== event.message || language() === 'en') return text;
  const title = textOf(`data.finding.${event.kind}`);
  if (title === undefined) return text;
  return event.count === null ? title : t('training.story.finding', { title, count: event.count });
}
