// The page of GraphiQL: the editor, its prepared tabs, and the fetcher of our own.

import { GraphiQL } from 'graphiql';
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import { createElement, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createFetcher } from './fetcher.mjs';
import './page.css';
import { preparedTabs } from './tabs.mjs';

const fetcher = createFetcher({
  url: new URL('/graphql', window.location.href).href,
  // Asked once more each time the server refuses what was given.
  askForToken: () => window.prompt('This server wants its token:'),
});

const page = createElement(GraphiQL, {
  fetcher,
  defaultTabs: preparedTabs,
  defaultEditorToolsVisibility: 'variables',
  // The token is asked for, and kept nowhere but in this page.
  isHeadersEditorEnabled: false,
});

createRoot(document.getElementById('graphiql')).render(createElement(StrictMode, null, page));
