/** Texts of the home screen and of the tour. Keys begin with `home.`. */
export const home = {
  'home.lead': 'Teach a DNA language model to tell your sequences apart. Everything stays on this computer.',
  'home.doors': 'What would you like to do?',
  'home.train': 'Train a classifier',
  'home.train.text':
    'Labelled sequences in, a tested classifier out: a small adapter beside a DNA language model.',
  'home.train.go': 'Choose data',
  'home.predict': 'Predict',
  'home.predict.text': 'Label the sequences of a FASTA, FASTQ or table file with an adapter that you have.',
  'home.predict.go': 'Choose an adapter',
  'home.share': 'Share and import',
  'home.share.text': 'Hand an adapter on with its model card, or open one that a colleague has sent you.',
  'home.share.go': 'Open the library',
  'home.runs': 'Runs',
  'home.runs.lead': 'Every training you have started. Each is a folder on this computer.',
  'home.runs.empty': 'No runs yet',
  'home.runs.empty.text':
    'A training and all that comes of it will be listed here. The sample project is the quickest way to see one.',
  'home.runs.score': 'Test {metric}',
  'home.runs.best': 'Best {metric}',
  'home.runs.steps': 'Step {step} of {steps}',
  'home.sample': 'Try the sample project',
  'home.sample.text':
    '{records} simulated sequences of {length} bases with a hidden rule. One click trains on them and shows the result. They say nothing about biology.',
  'home.sample.go': 'Train on the sample',
  'home.machine': 'This computer',
  'home.machine.threads': { one: '{count} thread', other: '{count} threads' },
  'home.memory': 'Memory',
  'home.disk': 'Disk',
  'home.free': '{free} of {total} free',
  'home.disk.free': '{free} free',
  'home.version': 'Version {version}',
  'home.worker.missing': 'The program that trains was not found beside this one: install Episome again.',
  'home.tour': 'Show the tour',
  'home.tour.skip': 'Skip',
  'home.tour.next': 'Next',
  'home.tour.back': 'Back',
  'home.tour.start': 'Start',
  'home.tour.sample': 'Try the sample project',
  'home.tour.step': 'Step {step} of {steps}',
  'home.tour.1.title': 'Welcome to Episome',
  'home.tour.1.text':
    'A DNA language model has read many genomes. Episome teaches it your question, such as promoter or not, from sequences that you have labelled. You need no programming and no graphics card, and nothing leaves this computer.',
  'home.tour.2.title': 'Five steps, from file to result',
  'home.tour.2.text':
    'Drop your sequences on the window. Episome looks them over as a careful colleague would, proposes a model and a method, trains, and reports. The rail at the left shows where you are; every choice has a sensible default.',
  'home.tour.3.title': 'Numbers you can defend',
  'home.tour.3.text':
    'The result stands on sequences that the model has never seen, with an interval, beside a simple baseline. Duplicates, leaks and shortcuts are found before training, not by a reviewer.',
  'home.tour.4.title': 'Yours to keep and to share',
  'home.tour.4.text':
    'What you train is a small folder that opens in Python unchanged. Predict on new files with it, send it to a colleague, or put it on the Hub.',
} as const;
