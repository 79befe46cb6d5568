//! Drawing: the screen pen, textures, the theme, icons and small widgets.

pub(crate) mod explained;
pub(crate) mod icons;
pub(crate) mod noted_picture;
pub(crate) mod number_field;
pub(crate) mod outline;
pub(crate) mod plot_view;
pub(crate) mod screen_pen;
pub(crate) mod search_list;
pub(crate) mod system_faces;
pub(crate) mod textures;
pub(crate) mod theme;
pub(crate) mod widgets;
