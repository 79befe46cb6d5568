//! Steps taken apart: the parts of a move, the follower's path continued to its end, the lower Hessian, and the function
//! that a step descends.

pub(super) mod follower_path;
pub(super) mod step_anatomy;
pub(super) mod step_parts;
pub(super) mod surrogate_plane;
