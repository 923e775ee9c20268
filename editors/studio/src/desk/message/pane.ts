// The pane: the message and all that can be seen of it, each under its tab. It stands beside the
// text at the desk, and alone in a preview; it knows neither.
import type { Command, Commands } from '../../commands';
import { el } from '../../elements';
import type { Look } from '../look';
import { InboxView } from './inbox_view';
import { LinksView } from './links_view';
import { MessageView } from './message_view';
import { ProgramsView } from './programs_view';
import type { Colours, Condition, Width } from './sight';
import { SourceView, TextView } from './source_view';
import type { Surroundings, View } from './views';

export interface PaneOptions extends Surroundings {
  commands: Commands;
}

export class MessagePane {
  readonly message = new MessageView();
  private readonly views: View[];
  private readonly tabs: HTMLButtonElement[];
  private shown: View = this.message;
  private look: Look | null = null;
  /** Another view has been opened. */
  onView: (() => void) | null = null;

  constructor(host: HTMLElement, options: PaneOptions) {
    this.views = [this.message, new TextView(), new SourceView(options), new InboxView(),
      new LinksView(options), new ProgramsView(options)];
    this.tabs = this.views.map((view) => el('button', {
      role: 'tab', id: `tab-${view.name}`, 'aria-controls': `view-${view.name}`, onclick: () => this.open(view),
    }, view.name));
    const list = el('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Views of the message' }, ...this.tabs);
    list.addEventListener('keydown', (event) => this.walk(event));
    host.append(list, ...this.views.map((view) => panel(view)));
    options.commands.add(...commandsOf(this));
    this.open(this.message);
  }

  /** What the text has become. */
  show(look: Look): void {
    this.look = look;
    this.shown.show(look);
  }

  /** A view by its name: "Links". */
  openView(name: string): void {
    const view = this.views.find((each) => each.name === name);
    if (view) this.open(view);
  }

  private open(view: View): void {
    if (this.shown !== view) this.shown.leave?.();
    this.shown = view;
    this.views.forEach((each, index) => {
      const isShown = each === view, tab = this.tabs[index]!;
      tab.setAttribute('aria-selected', String(isShown));
      tab.tabIndex = isShown ? 0 : -1;
      each.element.hidden = !isShown;
    });
    if (this.look) view.show(this.look);
    this.onView?.();
  }

  private walk(event: KeyboardEvent): void {
    const at = this.tabs.indexOf(document.activeElement as HTMLButtonElement), last = this.tabs.length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at ? at - 1 : last, Home: 0, End: last }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    this.open(this.views[to]!);
    this.tabs[to]!.focus();
  }
}

function panel(view: View): HTMLElement {
  view.element.id = `view-${view.name}`;
  view.element.setAttribute('role', 'tabpanel');
  view.element.setAttribute('aria-labelledby', `tab-${view.name}`);
  return view.element;
}

function commandsOf(pane: MessagePane): Command[] {
  const see = (id: string, key: string, label: string, change: { width?: Width; colours?: Colours; condition?: Condition }): Command => ({
    id: `message-${id}`, key, label, place: 'message', group: 'The message',
    run: () => { pane.openView('Message'); pane.message.see(change); },
  });
  const view = (name: string, label: string): Command => ({
    id: `view-${name}`, key: '', label, place: 'message', group: 'The message', run: () => pane.openView(name),
  });
  return [
    see('phone', '1', 'Phone', { width: 'Phone' }),
    see('desktop', '2', 'Desktop', { width: 'Desktop' }),
    see('wide', '3', 'Wide', { width: 'Wide' }),
    see('light', 'L', 'Light', { colours: 'Light' }),
    see('dark', 'D', 'Dark', { colours: 'Dark' }),
    see('forced', 'F', 'Forced dark', { colours: 'Forced' }),
    see('plain', 'A', 'As it is', { condition: 'As it is' }),
    see('images', 'I', 'Images off', { condition: 'Images off' }),
    see('styles', 'S', 'No styles', { condition: 'No styles' }),
    see('outlook', 'O', 'Outlook', { condition: 'Outlook' }),
    see('large', 'T', 'Text at 200 %', { condition: 'Text at 200 %' }),
    view('Text', 'The text part'),
    view('Source', 'Source and headers'),
    view('Inbox', 'Lines of inboxes'),
    view('Links', 'All links'),
    view('Programs', 'Mail programs'),
  ];
}
