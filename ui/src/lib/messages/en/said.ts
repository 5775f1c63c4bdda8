/** Sentences of the engine that name the command line, as the window says them. Words in braces are taken over. */
export const inWindow: Record<string, string> = {
  'correct the record, or leave such records out with --skip-invalid':
    'correct the record, or leave such records out',
  'collect more, raise --validation-fraction, or give a file with --validation':
    'collect more, raise the share of validation, or choose a file for it',
  'collect more records of it, or lower --validation-fraction and --test-fraction':
    'collect more records of it, or lower the shares of validation and test',
  'start a new run with --learning-rate {rate} or less, or with --clip 1':
    'start a new run with a learning rate of {rate} or less, or with clipping at 1',
  'train again with a learning rate of {rate} or less and with gradient clipping (--clip 1)':
    'train again with a learning rate of {rate} or less and with gradient clipping at 1',
  '{message} What to do: {remedy}.': '{message} What to do: {remedy}.',
  '--learning-rate {rate} is far from the usual {least} to {most}; the training may come to nothing.':
    'The learning rate {rate} is far from the usual {least} to {most}; the training may come to nothing.',
  'look at the data with `episome data inspect`': 'look at the check-up on the screen Data',
  'look at the model with `episome model inspect`': 'look at the screen Model',
  'download the model again, or look at it with `episome model inspect`': 'download the model again',
  'check the adapter with `episome adapters check`': 'check the adapter on the screen Adapters',
  "look at the run's events.jsonl; `episome resume` goes on from its last checkpoint":
    'look at its log on the screen Train; resuming goes on from the last checkpoint',
  'see what this machine has with `episome doctor`; a smaller batch needs less memory':
    'see what this computer has on the screen Settings; a smaller batch needs less memory',
  'only {size} MB of memory are free: close other programs, or train with a small --batch-size':
    'only {size} MB of memory are free: close other programs, or train with a small batch',
  'go on with `episome resume {run}`': 'go on with the training on the screen Train',
  'make one (kind “Write”) at {page}, and give it to `episome hub login` or set it as HF_TOKEN':
    'make one (kind “Write”) at {page}, and paste it on the screen Settings',
  'make one of the kind “Write” at {page}, and give it to `episome hub login` or set it as HF_TOKEN':
    'make one of the kind “Write” at {page}, and paste it on the screen Settings',
  'make a new one at {page} and give it to `episome hub login` or set it as HF_TOKEN; for public repositories, remove the old one':
    'make a new one at {page} and paste it on the screen Settings; for public repositories, remove the old one',
  'set the token as HF_TOKEN instead; the app can also use it for one session':
    'use it for this session only, or set it as HF_TOKEN',
  '{what} needs the network, and HF_HUB_OFFLINE forbids to use it':
    '{what} needs the network, and may not use it',
  'unset HF_HUB_OFFLINE and start again': 'switch off “Work offline” on the screen Settings and start again',
  'a base model is downloaded with `episome hub download`': 'a base model is downloaded on the screen Model',
  'choose another --out': 'choose another place',
  'name one with --model': 'choose one on the screen Model',
  'name a file with --data': 'choose files on the screen Data',
};
