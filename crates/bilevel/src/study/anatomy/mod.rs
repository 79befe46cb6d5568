//! Steps taken apart: the parts of a move, the follower's path continued to its end, and the lower Hessian.

pub(super) mod follower_path;
pub(super) mod step_anatomy;
pub(super) mod step_parts;
