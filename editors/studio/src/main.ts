// Which page this is says its body; every page is drawn by the server, and made alive here.
import './styles/main.css';
import { startDesk } from './desk/desk';
import { startEnter } from './enter';
import { startPreview } from './preview';
import { startPeople } from './pages/people';
import { startReport } from './pages/report';
import { startReturned } from './pages/returned';
import { startExample, startNew } from './pages/beginnings';
import { startImport } from './pages/import';
import { startEmpty, startShelf } from './pages/shelf';

const pages: Record<string, () => unknown> = {
  desk: startDesk,
  empty: startEmpty,
  enter: startEnter,
  example: startExample,
  import: startImport,
  new: startNew,
  people: startPeople,
  report: startReport,
  returned: startReturned,
  preview: startPreview,
  shelf: startShelf,
};

pages[document.body.dataset['page'] ?? '']?.();
