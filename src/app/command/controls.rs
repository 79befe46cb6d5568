//! The named controls of the window, as the accessibility tree lists them, so that the palette can offer each of them,
//! whichever panel or view draws it.

use egui::accesskit::{Action, ActionRequest, Node, NodeId, TreeId, TreeUpdate};
use egui::{Context, Event, FullOutput, Plugin, RawInput, Role, Ui};

/// The mark of a part of the window whose controls are not listed.
const UNLISTED: &str = "unlisted";

/// A control that can be clicked or typed into.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Control {
    /// The effect of [`use_control`] on it, in a word.
    pub(crate) verb: &'static str,
    pub(crate) name: String,
    pub(crate) node: NodeId,
    action: Action,
}

/// The list of controls, and the request to use one.
#[derive(Debug, Default)]
struct ControlList {
    /// True while the list is kept up to date.
    is_wanted: bool,
    /// True if the last frame had an accessibility tree, and if it had one before the list was wanted.
    has_tree: bool,
    had_tree: bool,
    controls: Vec<Control>,
    /// The request, and the number of frames until it is made.
    request: Option<(ActionRequest, usize)>,
}

/// Widgets under a dialog can take the keyboard from the second frame without the dialog on.
const DELAY: usize = 1;

impl Plugin for ControlList {
    fn debug_name(&self) -> &'static str {
        "controls"
    }

    fn input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        match self.request.take() {
            Some((request, 0)) => input.events.push(Event::AccessKitActionRequest(request)),
            Some((request, frames)) => {
                self.request = Some((request, frames - 1));
                ctx.request_repaint();
            }
            None => {}
        }
    }

    fn output_hook(&mut self, _: &Context, output: &mut FullOutput) {
        let tree = output.platform_output.accesskit_update.as_ref();
        self.has_tree = tree.is_some();
        if let Some(tree) = tree.filter(|_| self.is_wanted) {
            self.controls = controls_of(tree);
        }
    }
}

/// Prepares a window for lists of its controls.
pub(crate) fn install(ctx: &Context) {
    ctx.add_plugin(ControlList::default());
}

/// Begins to list the controls: they are there from the second frame on.
pub(crate) fn list_controls(ctx: &Context) {
    let list = ctx.plugin::<ControlList>();
    let mut list = list.lock();
    if !list.is_wanted {
        list.is_wanted = true;
        list.had_tree = list.has_tree;
    }
    drop(list);
    ctx.enable_accesskit();
}

/// Ends the list. The tree is kept if assistive technology reads it.
pub(crate) fn forget_controls(ctx: &Context) {
    let list = ctx.plugin::<ControlList>();
    let mut list = list.lock();
    let is_tree_ours = list.is_wanted && !list.had_tree;
    list.is_wanted = false;
    list.controls.clear();
    drop(list);
    if is_tree_ours {
        ctx.disable_accesskit();
    }
}

/// The controls of the last frame, in reading order.
pub(crate) fn controls(ctx: &Context) -> Vec<Control> {
    let list = ctx.plugin::<ControlList>();
    list.lock().controls.clone()
}

/// Clicks a control, or gives it the keyboard, in one of the next frames.
pub(crate) fn use_control(ctx: &Context, control: &Control) {
    let list = ctx.plugin::<ControlList>();
    let request = ActionRequest {
        action: control.action,
        target_tree: TreeId::ROOT,
        target_node: control.node,
        data: None,
    };
    list.lock().request = Some((request, DELAY));
    ctx.request_repaint();
}

/// Leaves the controls inside of a part of the window out of the list.
pub(crate) fn leave_out(ui: &Ui) {
    let mark = |node: &mut Node| node.set_author_id(UNLISTED);
    ui.ctx().accesskit_node_builder(ui.unique_id(), mark);
}

fn controls_of(tree: &TreeUpdate) -> Vec<Control> {
    let Some(root) = &tree.tree else {
        return Vec::new();
    };
    let nodes: std::collections::HashMap<NodeId, &Node> =
        tree.nodes.iter().map(|(id, node)| (*id, node)).collect();
    let mut controls = Vec::new();
    let mut waiting = vec![root.root];
    while let Some(id) = waiting.pop() {
        let Some(node) = nodes.get(&id) else { continue };
        if node.author_id() == Some(UNLISTED) {
            continue;
        }
        controls.extend(control_of(id, node));
        waiting.extend(node.children().iter().rev());
    }
    controls
}

/// The control of a node that has a name and is enabled.
fn control_of(node_id: NodeId, node: &Node) -> Option<Control> {
    let (verb, action) = match node.role() {
        Role::Button | Role::Link | Role::RadioButton | Role::CheckBox => ("Press", Action::Click),
        Role::ComboBox => ("Open", Action::Click),
        Role::Slider | Role::SpinButton | Role::TextInput | Role::MultilineTextInput => {
            ("Go to", Action::Focus)
        }
        _ => return None,
    };
    let name = node.label().filter(|name| !name.is_empty())?;
    (!node.is_disabled()).then(|| Control {
        verb,
        name: name.to_owned(),
        node: node_id,
        action,
    })
}
