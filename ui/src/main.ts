import { mount } from 'svelte';
import App from './App.svelte';
import { followAddress } from '$lib/app/route.svelte';
import { systemLanguage } from '$lib/app/settings.svelte';
import { followSystemTheme } from '$lib/app/theme.svelte';
import { openCarrier } from '$lib/carrier';
import { setLanguage } from '$lib/messages';
import '$lib/style/tokens.css';
import '$lib/style/base.css';

setLanguage(systemLanguage());
followSystemTheme();
followAddress();
await openCarrier();

const target = document.getElementById('app');
if (target) mount(App, { target });
