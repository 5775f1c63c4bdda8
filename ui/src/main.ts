import { mount } from 'svelte';
import App from './App.svelte';
import { followAddress } from '$lib/app/route.svelte';
import { wearLastLooks } from '$lib/app/settings.svelte';
import { followSystemTheme } from '$lib/app/theme.svelte';
import { openCarrier } from '$lib/carrier';
import '$lib/style/tokens.css';
import '$lib/style/base.css';

followSystemTheme();
wearLastLooks();
followAddress();
await openCarrier();

const target = document.getElementById('app');
if (target) mount(App, { target });
