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
    'use it for this session only',
  '{what} needs the network, and HF_HUB_OFFLINE forbids to use it':
    '{what} needs the network, and may not use it',
  'unset HF_HUB_OFFLINE and start again': 'switch off “Work offline” on the screen Settings and start again',
  'a base model is downloaded with `episome hub download`': 'a base model is downloaded on the screen Model',
  'choose another --out': 'choose another place',
  'name one with --model': 'choose one on the screen Model',
  'name a file with --data': 'choose files on the screen Data',
  // Adapters and models.
  "give the archive of an adapter's folder, as `episome export --zip` makes it":
    'give the archive of an adapter’s folder, as the screen Adapters makes it',
  'name the base model with --model; or {remedy}': 'choose its base model; or {remedy}',
  'its files were changed or damaged, or the base model is another one: copy or export it again, or name the right base with --model':
    'its files were changed or damaged, or the base model is another one: copy or export it again',
  'name the base model that it was made for ({base}) with --model':
    'use the base model that it was made for ({base})',
  'say which one it was trained on (--model)': 'say which one it was trained on',
  'choose another model: `episome hub search`': 'choose another model on the screen Model',
  'there is nothing to download: name it with --model':
    'there is nothing to download: it can be used at once',
  'the nearest are {names}; `episome model inspect` lists all':
    'the nearest are {names}; the module tree on the screen Method shows all',
  'see the names of the modules with `episome model inspect`':
    'see the names of the modules in the module tree on the screen Method',
  'shorten the sequences (--max-length {limit} or less)':
    'shorten the sequences (a maximum length of {limit} or less)',
  // Files and data.
  'download its files by hand and give them to --data':
    'download its files by hand and choose them on the screen Data',
  'download and unpack them, and give the files inside to --data':
    'download and unpack them, and choose the files inside on the screen Data',
  'choose another --out, or add --force': 'choose another place',
  'end the name of --out with one of these': 'let the file’s name end with one of these',
  'remove the record, or add --skip-invalid to give such records a row with a note':
    'remove the record, or let such records get a row with a note',
  '{place}: the tokenizer knows none of the letters of {id}; remove the record, or skip such records (--skip-invalid)':
    '{place}: the tokenizer knows none of the letters of {id}; remove the record, or skip such records',
  '{path} exists already, and predictions are not written over it: choose another name, or allow overwriting (--force)':
    '{path} exists already, and predictions are not written over it: choose another name',
  'name the field with --sequence-column': 'name the field that holds the sequences',
  'correct the line, or leave --clean out to see what the tokenizer makes of it': 'correct the line',
  'no training data was given: name at least one file with --data':
    'no training data was given: choose at least one file',
  'correct it, or leave out --split-column': 'correct it, or do not divide by that column',
  '{count} records were left out, as asked (--repair {mend}).': '{count} records were left out, as asked.',
  'rename the labels, or name the outputs of the adapter in order with --labels':
    'rename the labels to those that the adapter knows',
  // Runs.
  'let it train first, by `episome resume`': 'let it train first',
  'go on with `episome resume` and wait for the first evaluation':
    'go on with the training on the screen Train and wait for the first evaluation',
  'give {flag} another value; `episome train --help` explains it': 'give {flag} another value',
  'start a new run with a lower --learning-rate, or with --clip 1':
    'start a new run with a lower learning rate, or with clipping at 1',
  'use a smaller --batch-size or --max-length': 'use a smaller batch or a smaller maximum length',
  'choose a new folder, or go on with `episome resume {path}`': 'choose a new folder, or go on with that run',
  'give the folder that was named with --out when the training was started': 'give the folder of a run',
  '`episome resume {path}` goes on with a run that was interrupted':
    'a run that was interrupted can go on, on the screen Train',
  '{path} is not being trained now. `episome resume {run}` goes on with a run that was interrupted':
    '{path} is not being trained now. A run that was interrupted can go on, on the screen Train',
  'to train longer, start a new run with --config {path} and more epochs':
    'to train longer, start a new run with the same settings and more epochs',
  'start a new run with --config run.json': 'start a new run with the same settings',
  'the disk is full: free some space and go on with `episome resume`; the last checkpoint is intact':
    'the disk is full: free some space and go on with the training; the last checkpoint is intact',
  'the loss is {loss} with a gradient norm of {norm} at step {step}: the training has diverged. Start a new run with a learning rate of {rate} or less (it is {now} now), or with --clip 1. The last checkpoint is intact':
    'the loss is {loss} with a gradient norm of {norm} at step {step}: the training has diverged. Start a new run with a learning rate of {rate} or less (it is {now} now), or with clipping at 1. The last checkpoint is intact',
  'start a new run with a learning rate of {rate} or less (it is {now} now), or with --clip 1':
    'start a new run with a learning rate of {rate} or less (it is {now} now), or with clipping at 1',
  'and with gradient clipping (--clip 1)': 'and with gradient clipping at 1',
  'raise --max-length (the model takes {limit}), or cut the sequences around what matters':
    'raise the maximum length (the model takes {limit}), or cut the sequences around what matters',
  '{cut} of {total} sequences are longer than {tokens} tokens; the model sees only their beginning. Raise --max-length (the model takes {limit}), or cut the sequences around what matters.':
    '{cut} of {total} sequences are longer than {tokens} tokens; the model sees only their beginning. Raise the maximum length (the model takes {limit}), or cut the sequences around what matters.',
  'This training has only {steps} steps, in which a model hardly learns. With so few records use more --epochs or a smaller --batch-size.':
    'This training has only {steps} steps, in which a model hardly learns. With so few records use more epochs or a smaller batch.',
  "The device's memory is too small for {count} sequences at a time: it computes {limit} at a time and adds up their gradients, so that a step is that of the whole batch, in more time. --gradient-checkpointing needs less memory, too.":
    'The device’s memory is too small for {count} sequences at a time: it computes {limit} at a time and adds up their gradients, so that a step is that of the whole batch, in more time. Gradient checkpointing needs less memory, too.',
  // Memory, disks and cards.
  '{remedy}; or set EPISOME_CACHE to a folder that you may write to': '{remedy}',
  'install episome-cuda beside it (docs/gpu.md says how), or take --device cpu':
    'install episome-cuda beside it (docs/gpu.md says how), or choose the processor',
  'build it with --features metal on a Mac, or take --device cpu':
    'build it for Metal on a Mac, or choose the processor',
  'take --device cpu': 'choose the processor',
  'install Episome again, or set EPISOME_WORKER to the program': 'install Episome again',
  'set EPISOME_CACHE, EPISOME_CONFIG and EPISOME_PROJECTS to folders that you may write to':
    'let the environment name folders that you may write to',
  'open the address that `episome serve` printed':
    'open the address that was printed when the program was started',
  'only {size} MB are free for the {what} ({path}): free some space, or move it with {variable}':
    'only {size} MB are free for the {what} ({path}): free some space',
  // The Hub.
  'accept the terms at {page} and set HF_TOKEN':
    'accept the terms at {page}, and paste an access token on the screen Settings',
  'HF_TOKEN is set and goes before it: unset HF_TOKEN, so that the token that was kept is used':
    'a token in the environment of the program goes before it: remove that one, so that the token that was kept is used',
  'check the spelling (search for it with `episome hub search`); if it is private, {then}':
    'check the spelling; if it is private, {then}',
  "make a token (kind “Read”) in your account's settings, and give it to `episome hub login` or set it as HF_TOKEN":
    'make a token (kind “Read”) in your account’s settings, and paste it on the screen Settings',
  'give your access token to `episome hub login` or set it as HF_TOKEN':
    'paste your access token on the screen Settings',
  'try again in {seconds} seconds; a token (HF_TOKEN) raises the limit':
    'try again in {seconds} seconds; an access token raises the limit',
  'try again in some minutes; a token (HF_TOKEN) raises the limit':
    'try again in some minutes; an access token raises the limit',
  'its use is switched off (EPISOME_KEYRING=off)': 'its use is switched off',
  '{what} is not in the cache ({path}), and HF_HUB_OFFLINE forbids to fetch it':
    '{what} is not in the cache ({path}), and may not be fetched while working offline',
  'unset HF_HUB_OFFLINE, or copy the cache folder from a computer that has it':
    'switch off “Work offline” on the screen Settings, or copy the cache folder from a computer that has it',
  'what is in the cache works with HF_HUB_OFFLINE=1': 'what is in the cache works offline',
  'free some space, or set HF_HOME to a folder on a larger disk, and start again; what has been downloaded so far is kept':
    'free some space and start again; what has been downloaded so far is kept',
  'is HF_ENDPOINT the address of a Hub?': 'is the address of the Hub the right one?',
  'HF_ENDPOINT is “{endpoint}”, which is not the address of a Hub: {reason}':
    '“{endpoint}” is not the address of a Hub: {reason}',
  'name the base model as it is called on the Hub with --base OWNER/NAME; your folder stays as it is':
    'name the base model as it is called on the Hub (OWNER/NAME); your folder stays as it is',
  'remove them, or cut them to their last part in what is sent with --shorten-paths':
    'remove them, or let them be cut to their last part in what is sent',
};
